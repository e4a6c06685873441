"""The classifier as PyTorch's users build and train it: transformers' encoder with RoBERTa's head."""

import math

import torch
import torch.nn.functional as F
from transformers import BertConfig, BertModel


def classifier(sizes):
    """Builds the model, whose encoder's weights have the names that Calibrant's have."""
    model = BertModel(BertConfig(
        vocab_size=sizes["vocabularySize"], hidden_size=sizes["hiddenSize"],
        num_hidden_layers=sizes["layers"], num_attention_heads=sizes["heads"],
        intermediate_size=sizes["feedForwardSize"],
        max_position_embeddings=sizes["maxPositions"], type_vocab_size=sizes["typeCount"],
        layer_norm_eps=sizes["layerNormEpsilon"], hidden_act=sizes["activation"],
        hidden_dropout_prob=sizes["hiddenDropout"], attention_probs_dropout_prob=sizes["attentionDropout"],
    ), add_pooling_layer=False)
    linear = lambda outputs: torch.nn.Linear(sizes["hiddenSize"], outputs)
    model.classifier = torch.nn.ModuleDict({"dense": linear(sizes["hiddenSize"]), "out_proj": linear(2)})
    model.head_dropout = torch.nn.Dropout(sizes["headDropout"])
    return model


def logits(model, texts, multiple=1, scores=None):
    """Pads the texts to the longest, or to a multiple of a length, with an attention mask. [texts, 2]"""
    length = -(-max(map(len, texts)) // multiple) * multiple
    fill = lambda rows: torch.tensor([row + [0] * (length - len(row)) for row in rows])
    return (scores or padded_logits)(model, fill(texts), fill([[1] * len(text) for text in texts]))


def padded_logits(model, ids, mask):
    encoded = model(input_ids=ids, attention_mask=mask)
    first = model.head_dropout(encoded.last_hidden_state[:, 0])
    dense = torch.tanh(model.classifier["dense"](first))
    return model.classifier["out_proj"](model.head_dropout(dense))


def hidden_energy(scores):
    return -torch.logsumexp(scores, -1)


def loss_terms(model, batches, logits=logits):
    """Yields the terms of the loss with the hidden energy, each after a forward pass of its own.

    They are cross-entropy and, where there are more batches, the data's term and those of K batches of noise.
    Whoever differentiates a term before asking for the next keeps the activations of one batch alone.
    """
    labelled, *contrast = batches
    yield F.cross_entropy(logits(model, labelled["texts"]), torch.tensor(labelled["labels"]))
    if not contrast:
        return
    data, *noise = contrast
    log_ratio = math.log(len(noise))
    yield F.softplus(hidden_energy(logits(model, data["texts"])) + log_ratio).mean()
    for batch in noise:
        yield F.softplus(-hidden_energy(logits(model, batch["texts"])) - log_ratio).mean()


def adamw(model, learning_rate, weight_decay):
    """The optimizer of transformers' users: matrices decay, biases and layer norms don't."""
    parameters = list(model.parameters())
    groups = [
        {"params": [weight for weight in parameters if weight.ndim > 1], "weight_decay": weight_decay},
        {"params": [weight for weight in parameters if weight.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, fused=True)
