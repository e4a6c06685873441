"""PyTorch's part in the comparisons: the models, optimizer and steps of torch_step.py, one step at a time.

  torch_peer.py STEP_FILE [--texts FILE] WORK [options of torch_step.py]

STEP_FILE is torch_step.py. With --texts, the texts of that file take the place of its random ones: each batch is padded
to its longest text, with an attention mask, as PyTorch's users do. The file is a JSON list of steps (bench/work/step.ts).
"""
import contextlib, io, itertools, json, sys
import torch
from transformers import BertModel, GPT2LMHeadModel  # before it is ready: torch_step.py's imports take longer than its steps
from turns import serve

step_file, *arguments = sys.argv[1:]
texts = arguments[1] if arguments[0] == "--texts" else None
work, *options = arguments[2:] if texts else arguments

peer = {"__name__": "__main__", "__file__": step_file}


def padded(rows):
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def model_inputs(batch):
    return padded(batch["texts"]), padded([[1] * len(text) for text in batch["texts"]])


def classifier_step(batches):
    """Each forward pass of the step, in its order, reads the next batch."""
    waiting = list(batches)

    def forward(*_):
        batch = waiting.pop(0)
        if "labels" in batch:
            peer["y"] = torch.tensor(batch["labels"])
        return peer["net"](*model_inputs(batch))

    peer["run"] = forward
    while waiting:
        peer["step"]()


# torch_step.py computes in bfloat16 only where it trains.
precision = torch.autocast("cpu", torch.bfloat16, enabled="--bf16" in options and work == "infer")
if texts is None:
    def step():
        with precision:
            peer["step"]()
        return peer["tokens"]
else:
    with open(texts) as file:
        steps = itertools.cycle(json.load(file))

    def step():
        read = next(steps)
        with precision:
            classifier_step(read["batches"])
        return read["tokens"]


def first_step():
    """Builds the model and warms up: torch_step.py takes three steps of its own, all there is to warm up for batches of one shape."""
    sys.argv = [step_file, work, *options, "--steps", "1"]
    with open(step_file) as source, contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source.read(), step_file, "exec"), peer)
    return step() if texts else peer["tokens"]


serve(step, first_step)
