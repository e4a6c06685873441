"""Computes the default metrics of resamples by NumPy, scikit-learn and relplot, and prints the CPU seconds.

  metrics_peer.py PREDICTIONS RESAMPLES      (PREDICTIONS as JSON lines, with logits)
"""
import json, sys, time
import numpy as np, relplot
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

with open(sys.argv[1]) as file:
    rows = [json.loads(line) for line in file]
labels = np.array([row["label"] for row in rows])
logits = np.array([row["logits"] for row in rows])
probabilities = np.exp(logits - logits.max(1, keepdims=True))
probabilities /= probabilities.sum(1, keepdims=True)
classes = np.arange(probabilities.shape[1])


def bins(values, outcomes):
    """Accuracies, mean confidences and counts of the bins that aren't empty."""
    inner = np.linspace(0, 1, 21)[1:-1]
    _, counts = np.unique(np.searchsorted(inner, values), return_counts=True)
    return *calibration_curve(outcomes, values, n_bins=20), counts


def metrics(p, y):
    confidence, correct = p.max(1), p.argmax(1) == y
    accuracy, mean, counts = bins(confidence, correct)
    gaps = np.abs(accuracy - mean)
    noise = accuracy * (1 - accuracy) / np.maximum(counts - 1, 1)
    of_classes = [bins(p[:, c], y == c) for c in classes]
    wrong = ~correct[np.argsort(-confidence)]
    return {
        "accuracy": accuracy_score(y, p.argmax(1)),
        "nll": log_loss(y, p, labels=classes),
        "brier": 2 * brier_score_loss(y, p[:, 1]),
        "ece": gaps @ counts / len(y),
        "ece_debiased": max(0, np.where(counts > 1, gaps**2 - noise, 0) @ counts / len(y)) ** 0.5,
        "ece_classwise": np.mean([np.abs(a - m) @ n / len(y) for a, m, n in of_classes]),
        "smooth_ece": relplot.smECE(confidence, correct.astype(int)),
        "mce": gaps.max(),
        "auroc_error": roc_auc_score(correct, confidence),
        "aurc": np.mean(np.cumsum(wrong) / np.arange(1, len(y) + 1)),
    }


random = np.random.default_rng(1)
started = time.process_time()
for _ in range(int(sys.argv[2])):
    drawn = random.integers(len(labels), size=len(labels))
    metrics(probabilities[drawn], labels[drawn])
print(json.dumps({"cpuSeconds": time.process_time() - started}))
