"""Trains a classifier of the default pipeline with PyTorch alone, an independent run to hold Calibrant's against.

  finetune_peer.py CHECKPOINT DATA NOISE VARIANT SEED OUT [STEPS]      (in float32; about 25 minutes on two cores)

CHECKPOINT is artifacts/setup/minilm-l6; DATA and NOISE are the folders that prepare-data and sample-noise wrote,
artifacts/prepare-data and artifacts/sample-noise. VARIANT is baseline or hidden. Splits, noise texts and
settings are Calibrant's; the order of the texts, the head's first weights and dropout's masks are PyTorch's own.
Writes OUT/predictions.dev1.jsonl and OUT/predictions.dev2.jsonl, which `deno task metrics` reads:

  deno task metrics OUT/predictions.dev2.jsonl --bootstrap 2000
  deno task metrics --compare BASELINE/predictions.dev2.jsonl HIDDEN/predictions.dev2.jsonl --bootstrap 2000

Both also take `--fit temperature --fit-on OUT/predictions.dev1.jsonl`.
"""

import json
import os
import random
import sys

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch_classifier import adamw, classifier, hidden_energy, logits, loss_terms

MAX_TOKENS, BATCH = 128, 16
PEAK, STEPS, WARM_UP = 5e-5, 625, 38


def read_rows(file):
    with open(file) as lines:
        return [json.loads(line) for line in lines]


def encoder_of(checkpoint):
    """Reads the encoder; the head's weights start from normal(0, 0.02), and its biases from 0."""
    with open(os.path.join(checkpoint, "config.json")) as file:
        config = json.load(file)
    model = classifier({
        "vocabularySize": config["vocab_size"], "hiddenSize": config["hidden_size"],
        "layers": config["num_hidden_layers"], "heads": config["num_attention_heads"],
        "feedForwardSize": config["intermediate_size"], "maxPositions": config["max_position_embeddings"],
        "typeCount": config["type_vocab_size"], "layerNormEpsilon": config["layer_norm_eps"],
        "activation": config["hidden_act"], "hiddenDropout": config["hidden_dropout_prob"],
        "attentionDropout": config["attention_probs_dropout_prob"], "headDropout": config["hidden_dropout_prob"],
    })
    weights = {
        name.removeprefix("bert."): weight
        for name, weight in load_file(os.path.join(checkpoint, "model.safetensors")).items()
    }
    missing, _ = model.load_state_dict(weights, strict=False)
    assert all(name.startswith("classifier.") for name in missing), missing
    for name, weight in model.classifier.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.zeros_(weight)
        else:
            torch.nn.init.normal_(weight, std=0.02)
    return model


def batches(rows):
    """Yields batches without end: one pass after the other, each in a new random order."""
    order = []
    while True:
        while len(order) < BATCH:
            order += random.sample(rows, len(rows))
        yield order[:BATCH]
        order = order[BATCH:]


def learning_rate(step, steps, warm_up):
    """The schedule of Calibrant, whose steps count from 1."""
    return PEAK * (step / warm_up if step <= warm_up else (steps - step + 1) / (steps - warm_up + 1))


def train(model, drawn, variant, steps):
    """Takes the steps, and prints the loss now and then. `drawn` yields a step's batches of rows."""
    warm_up = max(1, round(WARM_UP * steps / STEPS))
    optimizer = adamw(model, learning_rate=0, weight_decay=0.1)
    model.train()
    for step in range(1, steps + 1):
        loss = 0
        for term in loss_terms(model, next(drawn)[:3 if variant == "hidden" else 1]):
            term.backward()
            loss += term.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, warm_up)
        optimizer.step()
        optimizer.zero_grad()
        if step <= 3 or step % 25 == 0:
            print(f"step {step} of {steps}: loss {loss:.4f}", file=sys.stderr, flush=True)


def predict(model, rows, variant):
    """Yields each row's prediction, in the form that Calibrant's own have."""
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(rows), 64):
            chunk = rows[start:start + 64]
            scores = logits(model, [row["ids"] for row in chunk])
            energies = hidden_energy(scores).tolist()
            for row, own, energy in zip(chunk, scores.tolist(), energies):
                told = {"energy": energy} if variant == "hidden" else {}
                yield {"id": row["id"], "label": row["label"], "logits": own, **told}


def main(checkpoint, data, noise, variant, seed, out, steps=STEPS):
    torch.set_num_threads(2)
    torch.manual_seed(int(seed))
    random.seed(int(seed))
    tokenizer = Tokenizer.from_file(os.path.join(checkpoint, "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    encoded = lambda rows: [{**row, "ids": tokenizer.encode(row["text"]).ids} for row in rows]
    split = lambda name: encoded(read_rows(os.path.join(data, f"{name}.jsonl")))

    texts, noise_texts = split("train"), encoded(read_rows(os.path.join(noise, "train.jsonl")))
    orders = [batches(rows) for rows in (texts, texts, noise_texts)]

    def drawn():
        while True:
            yield [
                {"texts": [row["ids"] for row in rows], "labels": [row.get("label") for row in rows]}
                for rows in map(next, orders)
            ]

    model = encoder_of(checkpoint)
    train(model, drawn(), variant, int(steps))
    os.makedirs(out, exist_ok=True)
    for name in ("dev1", "dev2"):
        with open(os.path.join(out, f"predictions.{name}.jsonl"), "w") as file:
            for row in predict(model, split(name), variant):
                file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
