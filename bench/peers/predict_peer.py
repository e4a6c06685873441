"""Predicts texts over and over again, when it is told to (see turns.py).

  predict_peer.py PROGRAM PRECISION FOLDER THREADS TEXTS      (TEXTS is a JSON list)
"""

import json
import sys

from predictors import Classifier, probabilities
from turns import serve

*how, file = sys.argv[1:]
classifier = Classifier(*how)
with open(file) as opened:
    texts = json.load(opened)


def step():
    logits, tokens = classifier.predict(texts)
    probabilities(logits).tolist()
    return tokens


serve(step)
