"""Calibrators of scikit-learn, and of the written objective by SciPy: one JSON case in, calibrated probabilities out."""

import json
import sys

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp, softmax
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

case = json.load(sys.stdin)
f, y = np.array(case["logits"]), np.array(case["labels"])
classes = f.shape[1]
log_odds = np.stack([f[:, c] - logsumexp(np.delete(f, c, 1), axis=1) for c in range(classes)], 1)


def one_versus_rest(fit):
    if classes == 2:
        p = fit(log_odds[:, 1], y == 1)
        return np.stack([1 - p, p], 1)
    p = np.stack([fit(log_odds[:, c], y == c) for c in range(classes)], 1)
    return p / p.sum(1, keepdims=True)


def platt(s, outcome):
    a, b = _sigmoid_calibration(s, outcome.astype(float))
    return expit(-(a * s + b))


def isotonic(s, outcome):
    p = expit(s)
    return IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(p, outcome).predict(p)


def beta(s, outcome):
    x = np.stack([np.log(expit(s)), -np.log(expit(-s))], 1)
    used = [0, 1]
    fit = lambda used: LogisticRegression(C=1e9, tol=1e-10, max_iter=10000).fit(x[:, used], outcome)
    a, b = fit(used).coef_[0]
    if a < 0:
        used = [1]
    elif b < 0:
        used = [0]
    return fit(used).predict_proba(x[:, used])[:, 1]


def affine(features, vector):
    size = np.sqrt(((features - features.mean(1, keepdims=True)) ** 2).mean())
    features = features / size

    def scores(theta):
        b = theta[-classes:]
        return features * theta[:classes] + b if vector else features @ theta[:-classes].reshape(classes, classes).T + b

    diagonal = np.ones(classes) if vector else np.eye(classes).ravel()
    centre = np.concatenate([diagonal * size / case["temperature"], np.zeros(classes)])

    def objective(theta):
        return -log_softmax(scores(theta), axis=1)[np.arange(len(y)), y].sum() + ((theta - centre) ** 2).sum() / 2

    theta = minimize(objective, centre, method="BFGS", options={"gtol": 1e-5}).x
    return softmax(scores(theta), axis=1)


answers = {
    "platt": one_versus_rest(platt),
    "isotonic": one_versus_rest(isotonic),
    "beta": one_versus_rest(beta),
    "vector": affine(f, True),
    "matrix": affine(f, False),
    "dirichlet": affine(log_softmax(f, axis=1), False),
}
print(json.dumps({name: p.ravel().tolist() for name, p in answers.items()}))
