"""Writes a classifier's folder as ONNX, for OpenVINO as it is and for ONNX Runtime as its users prepare it.

  export_onnx.py FOLDER

model.onnx is as torch.onnx writes it. onnxruntime.float32.onnx has the operations that ONNX Runtime's own tool for
transformers fuses, onnxruntime.int8.onnx its dynamic quantisation besides.
"""

import json
import os
import sys

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from transformers import AutoModelForSequenceClassification

folder = sys.argv[1]
plain, fused, int8 = (
    os.path.join(folder, name) for name in ["model.onnx", "onnxruntime.float32.onnx", "onnxruntime.int8.onnx"]
)

model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
texts = torch.ones(2, 8, dtype=torch.int64)
rows, tokens = torch.export.Dim("rows"), torch.export.Dim("tokens", max=model.config.max_position_embeddings)
torch.onnx.export(
    model, kwargs={"input_ids": texts, "attention_mask": texts}, f=plain, input_names=["input_ids", "attention_mask"],
    output_names=["logits"], dynamic_shapes={name: {0: rows, 1: tokens} for name in ["input_ids", "attention_mask"]},
    dynamo=True, external_data=False, verbose=False,
)
sizes = model.config
optimize_model(
    plain, model_type="bert", num_heads=sizes.num_attention_heads, hidden_size=sizes.hidden_size
).save_model_to_file(fused)
quantize_dynamic(fused, int8, weight_type=QuantType.QInt8)
