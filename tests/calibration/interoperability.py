"""Measures predictions with scikit-learn, relplot and uncertainty-calibration.

JSON lines with probs and labels in; a JSON list out, for each of them the figures by library. A figure that is undefined is
null, and one that the library doesn't define as Calibrant does is left out.
"""

import json
import sys

import calibration
import numpy as np
import relplot
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
    roc_curve,
)


def figures(probs, labels):
    p, labels = np.array(probs), np.array(labels)
    confidence, correct = p.max(1), (p.argmax(1) == labels).astype(int)
    return {
        "scikit-learn": by_scikit_learn(p, labels, confidence, correct),
        "relplot": {"smooth_ece": relplot.smECE(confidence, correct)},
        "uncertainty-calibration": by_uncertainty_calibration(p, labels, confidence, correct),
    }


def by_scikit_learn(p, labels, confidence, correct):
    classes = np.arange(p.shape[1])
    right, wrong = correct.any(), not correct.all()
    return {
        "accuracy": accuracy_score(labels, p.argmax(1)),
        # It cuts smaller ones off.
        **({"nll": log_loss(labels, p, labels=classes)} if p[np.arange(len(p)), labels].min() > 1e-15 else {}),
        "brier": brier_score_loss(
            labels if len(classes) > 2 else labels == 1,
            p if len(classes) > 2 else p[:, 1],
            labels=classes if len(classes) > 2 else [False, True],
            scale_by_half=False,
        ),
        "ece": error(confidence, correct),
        "mce": np.abs(np.subtract(*curve(confidence, correct))).max(),
        "ece_classwise": np.mean([error(p[:, c], (labels == c).astype(int)) for c in classes]),
        "auroc_error": roc_auc_score(correct, confidence) if right and wrong else None,
        "auprIn": average_precision_score(correct, confidence) if right else None,
        "auprOut": average_precision_score(1 - correct, -confidence) if wrong else None,
        "falsePositiveRate95": false_positive_rate(correct, confidence) if right and wrong else None,
    }


def curve(probabilities, outcomes):
    return calibration_curve(outcomes, probabilities, n_bins=20, pos_label=1)


def error(probabilities, outcomes):
    # calibration_curve doesn't tell how many lie in each bin; its bins are these.
    bins = np.searchsorted(np.linspace(0, 1, 21)[1:-1], probabilities)
    counts = np.unique(bins, return_counts=True)[1]
    return (np.abs(np.subtract(*curve(probabilities, outcomes))) * counts).sum() / counts.sum()


def false_positive_rate(positive, score):
    false_positives, true_positives, _ = roc_curve(positive, score, drop_intermediate=False)
    return false_positives[np.searchsorted(true_positives, 0.95)]


def by_uncertainty_calibration(p, labels, confidence, correct):
    def l2(mode, debias):
        bins = calibration.utils.get_equal_prob_bins
        return calibration.lower_bound_scaling_ce(p, labels, 2, debias, 20, bins, mode)

    ties = len(np.unique(confidence)) < len(confidence)
    return {
        "ece": calibration.get_ece(p, labels, num_bins=20),
        "ece, equal mass": calibration.get_ece_em(p, labels, num_bins=20),
        "ece, l2": l2("top-label", False),
        "ece_debiased": l2("top-label", True),
        "ece_classwise": calibration.get_ece(p, labels, num_bins=20, mode="marginal"),
        "ece_classwise, l2": l2("marginal", False),
        # It takes equal confidences as they come.
        **({} if ties else {"aurc": 1 - calibration.utils.get_selective_stats(confidence, correct)[0]}),
    }


print(json.dumps([figures(**json.loads(line)) for line in sys.stdin]))
