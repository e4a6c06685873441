"""PyTorch's part in the comparisons: the models, optimizer and steps of torch_step.py, one step at a time.

  torch_peer.py STEP_FILE [--texts FILE] WORK [options of torch_step.py]

STEP_FILE is torch_step.py. With --texts, the texts of that file take the place of its random ones: each batch is padded
to its longest text, with an attention mask, as PyTorch's users do. The file is a JSON list of steps (bench/inputs/step.ts).
"""
import ast, itertools, json, sys
import torch
from turns import serve

step_file, *arguments = sys.argv[1:]
texts = arguments[1] if arguments[0] == "--texts" else None
work, *options = arguments[2:] if texts else arguments

# torch_step.py as far as its own loop, the first of its statements that steps.
sys.argv = [step_file, work, *options]
with open(step_file) as file:
    module = ast.parse(file.read(), step_file)
module.body = list(itertools.takewhile(lambda statement: not isinstance(statement, ast.For), module.body))
peer = {"__name__": "__main__", "__file__": step_file}
exec(compile(module, step_file, "exec"), peer)


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


serve(step)
