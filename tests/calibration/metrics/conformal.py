"""Prediction sets by MAPIE: a JSON list of splits with method and level in; the sets out, a row an example."""

import json
import sys

import numpy as np
from mapie.classification import SplitConformalClassifier
from sklearn.base import BaseEstimator, ClassifierMixin


class Given(ClassifierMixin, BaseEstimator):
    """A classifier that is given its probabilities."""

    def __init__(self, classes):
        self.classes_ = np.arange(classes)

    def predict_proba(self, probabilities):
        return probabilities

    def predict(self, probabilities):
        return probabilities.argmax(1)

    def __sklearn_is_fitted__(self):
        return True


class Shares(np.random.RandomState):
    """Random numbers that are given: those of dev1, then those of dev2. MAPIE takes off what is to be kept."""

    def __init__(self, *shares):
        super().__init__(0)
        self.shares = list(shares)

    def uniform(self, size):
        return 1 - np.array(self.shares.pop(0)).reshape(size)


def sets(method, level, dev1, dev2):
    p1, p2 = np.array(dev1["probabilities"]), np.array(dev2["probabilities"])
    classifier = SplitConformalClassifier(
        Given(p1.shape[1]),
        confidence_level=level,
        conformity_score="aps" if method == "aps" else "lac",
        prefit=True,
        random_state=Shares(dev1["shares"], dev2["shares"]),
    ).conformalize(p1, np.array(dev1["labels"]))
    _, members = classifier.predict_set(p2, {"include_last_label": "randomized"} if method == "aps" else {})
    return members[:, :, 0].astype(int).tolist()


print(json.dumps([sets(**case) for case in json.load(sys.stdin)]))
