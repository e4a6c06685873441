"""Loads exported classifiers as strangers do, and runs the code in their model cards.

Standard input is a JSON list of {"folder": …, "texts": […]}. For each it prints what transformers made of them.
"""

import json
import re
import sys
from pathlib import Path

from huggingface_hub import ModelCard
from transformers import AutoModelForSequenceClassification
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()


def run(folder, texts):
    card = (Path(folder) / "README.md").read_text()
    names = {"print": lambda *_: None}
    for code in re.findall(r"```python\n(.*?)```", card, re.S):
        own = re.sub(r"^folder = .*$", lambda _: f"folder = {folder!r}", code, flags=re.M)
        exec(re.sub(r"^texts = .*$", lambda _: f"texts = {texts!r}", own, flags=re.M), names)
    model, inputs = names["model"], names["inputs"]
    _, info = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    data = ModelCard(card).data
    return {
        "logits": model(**inputs).logits.flatten().tolist(),
        "probabilities": names["probabilities"].flatten().tolist(),
        "energies": names["energy"].tolist() if "energy" in names else None,
        "ids": [[id for id, kept in zip(ids, mask) if kept]
                for ids, mask in zip(inputs["input_ids"].tolist(), inputs["attention_mask"].tolist())],
        "architecture": type(model).__name__,
        "classes": [model.config.id2label[id] for id in range(model.config.num_labels)],
        "ids_of_classes": model.config.label2id,
        "max_length": names["tokenizer"].model_max_length,
        "wrong_keys": sorted(map(str, [*info["missing_keys"], *info["unexpected_keys"], *info["mismatched_keys"]])),
        "results": [[result.dataset_name, result.metric_type, result.metric_value]
                    for result in data.eval_results or []],
        "library": data.library_name,
    }


print(json.dumps([run(**given) for given in json.load(sys.stdin)]))
