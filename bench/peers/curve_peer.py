"""PyTorch's run of a job of kinds/curves/job.ts: the losses of all steps and the logits of tune, as JSON.

  curve_peer.py JOB      (in float32, on one thread)
"""

import json
import sys

import torch
from safetensors.torch import load_file
from torch_classifier import adamw, classifier, logits, loss_terms

torch.set_num_threads(1)
with open(sys.argv[1]) as file:
    job = json.load(file)

model = classifier(job["config"])
in_place = lambda name: name.replace("classifier.", "classifier.out_proj.").replace("pooler.", "classifier.")
model.load_state_dict({in_place(name): weight for name, weight in load_file(job["weights"]).items()})
model.train()
optimizer = adamw(model, learning_rate=0, weight_decay=job["weightDecay"])
losses = []
for rate, step in zip(job["learningRates"], job["steps"]):
    loss = 0
    for term in loss_terms(model, step["batches"]):
        term.backward()
        loss += term.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), job["clipNorm"])
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss)

with torch.inference_mode():
    predicted = [logits(model, job["tune"][start:start + 64]) for start in range(0, len(job["tune"]), 64)]
print(json.dumps({"losses": losses, "logits": torch.cat(predicted).flatten().tolist()}))
