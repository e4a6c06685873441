"""Measures predictions with scikit-learn and relplot: JSON lines with probs, label lists in; JSON out, a list of figures for each."""

import json
import sys

import numpy as np
import relplot
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score


def figures(probs, labels):
    p, labels = np.array(probs), np.array(labels)
    classes = np.arange(p.shape[1])
    confidence, correct = p.max(1), (p.argmax(1) == labels).astype(int)
    both = len(set(correct)) == 2
    return {
        "accuracy": accuracy_score(labels, p.argmax(1)),
        "nll": log_loss(labels, p, labels=classes),
        "brier": brier_score_loss(
            labels if len(classes) > 2 else labels == 1,
            p if len(classes) > 2 else p[:, 1],
            labels=classes if len(classes) > 2 else [False, True],
            scale_by_half=False,
        ),
        "ece": error(confidence, correct),
        "mce": np.abs(np.subtract(*curve(confidence, correct))).max(),
        "ece_classwise": np.mean([error(p[:, c], (labels == c).astype(int)) for c in classes]),
        "smooth_ece": relplot.smECE(confidence, correct),
        "auroc_error": roc_auc_score(correct, confidence) if both else None,
    }


def curve(probabilities, outcomes):
    return calibration_curve(outcomes, probabilities, n_bins=20, pos_label=1)


def error(probabilities, outcomes):
    # calibration_curve doesn't tell how many lie in each bin; its bins are these.
    bins = np.searchsorted(np.linspace(0, 1, 21)[1:-1], probabilities)
    counts = np.unique(bins, return_counts=True)[1]
    return (np.abs(np.subtract(*curve(probabilities, outcomes))) * counts).sum() / counts.sum()


print(json.dumps([figures(**json.loads(line)) for line in sys.stdin]))
