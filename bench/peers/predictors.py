"""Classifiers of one folder, as careful users of PyTorch, ONNX Runtime and OpenVINO predict with them.

The folder is as AutoModelForSequenceClassification loads it; export_onnx.py adds the models that the other two
read. Each program is imported by its own function, so that nobody waits for the others.
"""

import json
import os

import numpy as np
from tokenizers import Tokenizer

BATCH = 64


def pytorch(folder, precision, threads):
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(threads)
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=getattr(torch, precision)).eval()

    def logits(ids, mask):
        with torch.inference_mode():
            out = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
        return out.logits.float().numpy()

    return logits


def onnxruntime(folder, precision, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    path = os.path.join(folder, f"onnxruntime.{precision}.onnx")
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def openvino(folder, precision, threads):
    from openvino import Core

    model = Core().compile_model(os.path.join(folder, "model.onnx"), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
    })
    return lambda ids, mask: model({"input_ids": ids, "attention_mask": mask})[0]


programs = {"pytorch": pytorch, "onnxruntime": onnxruntime, "openvino": openvino}


class Classifier:
    def __init__(self, program, precision, folder, threads):
        self.logits = programs[program](folder, precision, int(threads))
        self.tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        with open(os.path.join(folder, "tokenizer_config.json")) as file:
            self.tokenizer.enable_truncation(json.load(file)["model_max_length"])
        self.tokenizer.no_padding()

    def predict(self, texts):
        """Returns the logits of texts, in their order, [texts, classes], and the number of their tokens.

        Batches are of about the same length, the longest first, and padded to their longest text.
        """
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(texts)]
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        predicted = [None] * len(ids)
        for start in range(0, len(order), BATCH):
            rows = order[start:start + BATCH]
            padded = np.zeros((len(rows), len(ids[rows[0]])), np.int64)
            mask = np.zeros_like(padded)
            for at, row in enumerate(rows):
                padded[at, :len(ids[row])] = ids[row]
                mask[at, :len(ids[row])] = 1
            for row, scores in zip(rows, self.logits(padded, mask)):
                predicted[row] = scores
        return np.stack(predicted), sum(map(len, ids))


def probabilities(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
