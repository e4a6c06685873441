"""PyTorch's part in the comparisons of training and inference, which steps when it is told to (see turns.py).

  torch_peer.py WORK STEPS THREADS

WORK and STEPS are what Calibrant's worker is given (bench/calibrant/worker.ts): the work as JSON, and a file
of steps, which are taken in order and over again. Texts are padded to the longest of their batch, as PyTorch's
users do, and autocast chooses what is computed in bfloat16. Whatever the variant, the energy is the hidden one.
For a classifier, `padTo` names a length to whose multiple texts are padded, and `compiled` compiles the model.
"""

import itertools
import json
import sys

import torch
from torch_classifier import adamw, classifier, hidden_energy, logits, loss_terms, padded_logits
from transformers import GPT2Config, GPT2LMHeadModel
from turns import serve


def training(model, terms):
    """Makes a step of training of a loss whose terms `terms(batches)` yields."""
    model.train()
    optimizer = adamw(model, learning_rate=2e-5, weight_decay=0.1)

    def step(batches):
        with precision:
            for term in terms(batches):
                term.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    return step


def classifier_training(sizes):
    model = classifier(sizes)
    scores = torch.compile(padded_logits, dynamic=True) if work.get("compiled") else padded_logits
    padded = lambda model, texts: logits(model, texts, work.get("padTo", 1), scores)
    return training(model, lambda batches: loss_terms(model, batches, padded))


def language_model_training(sizes):
    """Trains a GPT-2 of the same sizes, which scores all tokens but the first."""
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=sizes["vocabularySize"], n_embd=sizes["hiddenSize"], n_layer=sizes["layers"],
        n_head=sizes["heads"], n_inner=sizes["feedForwardSize"], n_positions=sizes["maxPositions"],
        activation_function=sizes["activation"],
        embd_pdrop=sizes["embeddingDropout"], resid_pdrop=sizes["hiddenDropout"],
        attn_pdrop=sizes["attentionDropout"], bos_token_id=1, eos_token_id=1, pad_token_id=0,
    ))

    def terms(batches):
        for batch in batches:
            ids = torch.tensor(batch["texts"])
            yield model(input_ids=ids, labels=ids).loss

    return training(model, terms)


def inference(sizes):
    """Computes logits and energies of all texts."""
    model = classifier(sizes).eval()

    def step(batches):
        with torch.inference_mode(), precision:
            for batch in batches:
                hidden_energy(logits(model, batch["texts"]))

    return step


works = {"classifier": classifier_training, "noise-model": language_model_training, "inference": inference}

work, steps_file, threads = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
precision = torch.autocast("cpu", torch.bfloat16, enabled=work["precision"] == "bfloat16")
perform = works[work["kind"]](work["config"])
with open(steps_file) as file:
    all_steps = json.load(file)
steps = itertools.cycle(all_steps)


def step():
    given = next(steps)
    perform(given["batches"])
    return given["tokens"]


if work.get("compiled"):
    for _ in all_steps:  # any of them may be compiled anew
        step()
serve(step)
