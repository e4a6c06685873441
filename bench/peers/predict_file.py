"""Predicts the texts of a file of JSON lines, as a whole program, and prints a line of JSON for each.

  predict_file.py PROGRAM PRECISION FOLDER THREADS FILE
"""

import json
import sys

from predictors import Classifier, probabilities

*how, file = sys.argv[1:]
classifier = Classifier(*how)
with open(file) as lines:
    texts = [json.loads(line)["text"] for line in lines]
logits, _ = classifier.predict(texts)
for scores, probs in zip(logits.tolist(), probabilities(logits).tolist()):
    print(json.dumps({"label": probs.index(max(probs)), "probs": probs, "logits": scores}))
