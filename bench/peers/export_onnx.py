"""Writes a classifier's folder as ONNX, for OpenVINO as it is and for ONNX Runtime as its users prepare it.

  export_onnx.py FOLDER

model.onnx is as torch.onnx writes it: by its older exporter, whose graph ONNX Runtime's own tool for transformers can
fuse, attention included. That is onnxruntime.float32.onnx; onnxruntime.int8.onnx has dynamic quantisation besides.
"""

import os
import sys

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from transformers import AutoModelForSequenceClassification

folder = sys.argv[1]
plain, fused, int8 = (
    os.path.join(folder, name) for name in ["model.onnx", "onnxruntime.float32.onnx", "onnxruntime.int8.onnx"]
)

model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
ids, mask = torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64)
mask[1, 5:] = 0
of_any_size = {0: "rows", 1: "tokens"}
torch.onnx.export(
    model, (ids, mask), plain, input_names=["input_ids", "attention_mask"], output_names=["logits"],
    dynamic_axes={"input_ids": of_any_size, "attention_mask": of_any_size, "logits": {0: "rows"}},
    dynamo=False, opset_version=17,
)
sizes = model.config
optimize_model(
    plain, model_type="bert", num_heads=sizes.num_attention_heads, hidden_size=sizes.hidden_size
).save_model_to_file(fused)
quantize_dynamic(
    fused, int8, weight_type=QuantType.QInt8,
    extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # of what fused operations give
)
