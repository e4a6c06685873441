"""PyTorch's run of a job of curve_job.ts: the losses of all steps and the logits of tune, as JSON.

  curve_peer.py JOB      (in float32, on one thread)

The model is transformers' BertModel, whose names of weights ours are, and the head that RoBERTa has.
"""
import json, sys
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import BertConfig, BertModel

torch.set_num_threads(1)
with open(sys.argv[1]) as file:
    job = json.load(file)
sizes = job["config"]

model = BertModel(BertConfig(
    vocab_size=sizes["vocabularySize"], hidden_size=sizes["hiddenSize"], num_hidden_layers=sizes["layers"],
    num_attention_heads=sizes["heads"], intermediate_size=sizes["feedForwardSize"],
    max_position_embeddings=sizes["maxPositions"], type_vocab_size=sizes["typeCount"],
    layer_norm_eps=sizes["layerNormEpsilon"], hidden_act=sizes["activation"],
    hidden_dropout_prob=0, attention_probs_dropout_prob=0,
), add_pooling_layer=False)
linear = lambda outputs: torch.nn.Linear(sizes["hiddenSize"], outputs)
model.classifier = torch.nn.ModuleDict({"dense": linear(sizes["hiddenSize"]), "out_proj": linear(2)})
model.load_state_dict(load_file(job["weights"]))
model.train()


def logits(texts):
    """Texts are padded to the longest, which an attention mask tells."""
    longest = max(map(len, texts))
    fill = lambda rows: torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    states = model(input_ids=fill(texts), attention_mask=fill([[1] * len(text) for text in texts])).last_hidden_state
    return model.classifier["out_proj"](torch.tanh(model.classifier["dense"](states[:, 0])))


def terms(batches):
    """The terms of the loss, of a batch each (hidden energy, K = 1)."""
    labelled, data, noise = batches
    yield F.cross_entropy(logits(labelled["texts"]), torch.tensor(labelled["labels"]))
    energy = lambda batch: -torch.logsumexp(logits(batch["texts"]), -1)
    yield F.softplus(energy(data)).mean()
    yield F.softplus(-energy(noise)).mean()


parameters = list(model.parameters())
groups = [
    {"params": [weight for weight in parameters if weight.ndim > 1], "weight_decay": job["weightDecay"]},
    {"params": [weight for weight in parameters if weight.ndim == 1], "weight_decay": 0},
]
optimizer = torch.optim.AdamW(groups, lr=0, fused=True)
losses = []
for rate, step in zip(job["learningRates"], job["steps"]):
    loss = 0
    for term in terms(step["batches"]):
        term.backward()
        loss += term.item()
    torch.nn.utils.clip_grad_norm_(parameters, job["clipNorm"])
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss)

with torch.inference_mode():
    predicted = [logits(job["tune"][start:start + 64]) for start in range(0, len(job["tune"]), 64)]
print(json.dumps({"losses": losses, "logits": torch.cat(predicted).flatten().tolist()}))
