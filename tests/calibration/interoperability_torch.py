"""Measures predictions with torchmetrics, netcal and torch-uncertainty; what comes in and out is as in interoperability.py."""

import json
import sys

import netcal.metrics
import numpy as np
import torch
from torch_uncertainty.metrics.classification import AURC, FPR95, BrierScore
from torchmetrics.functional.classification import (
    binary_auroc,
    binary_average_precision,
    multiclass_calibration_error,
)

# Those of the edges that float64 has no exact number for, and that linspace puts beside their nearest.
moved_edges = set(np.arange(21) / 20) - set(np.linspace(0, 1, 21))


def figures(probs, labels):
    p, labels = torch.tensor(probs, dtype=torch.float64), torch.tensor(labels)
    confidence, correct = p.max(1).values, (p.argmax(1) == labels).int()
    return {
        "torchmetrics": by_torchmetrics(p, labels, confidence, correct),
        "netcal": by_netcal(confidence.numpy(), correct.numpy()),
        "torch-uncertainty": by_torch_uncertainty(p, labels, confidence, correct),
    }


def by_torchmetrics(p, labels, confidence, correct):
    def error(norm):
        return multiclass_calibration_error(p, labels, p.shape[1], n_bins=20, norm=norm).item()

    right, wrong = correct.any().item(), not correct.all().item()
    rounded = confidence.float()  # as it does itself
    # Confidences of 1 have a bin of their own.
    other_bins = ((rounded >= 0.95) & (rounded < 1)).any() and (rounded == 1).any()
    return {
        **(
            {}
            if other_bins
            else {
                "ece, [a, b)": error("l1"),
                "ece, [a, b), l2": error("l2"),
                "mce, [a, b)": error("max"),
            }
        ),
        "auroc_error": binary_auroc(confidence, correct).item() if right and wrong else None,
        "auprIn": binary_average_precision(confidence, correct).item() if right else None,
    }


def by_netcal(confidence, correct):
    if not moved_edges.isdisjoint(confidence):
        return {}
    return {
        "ece, [a, b)": netcal.metrics.ECE(20).measure(confidence, correct),
        "mce, [a, b)": netcal.metrics.MCE(20).measure(confidence, correct),
    }


def by_torch_uncertainty(p, labels, confidence, correct):
    def of(metric, *given):
        metric.update(*given)
        return metric.compute().item()

    ties = len(confidence.unique()) < len(confidence)
    both = correct.any() and not correct.all()
    return {
        "brier": of(BrierScore(p.shape[1]), p, labels),
        "falsePositiveRate95": of(FPR95(pos_label=1), confidence, correct) if both else None,
        # It takes equal confidences as they come; of one example it is undefined.
        **({} if ties else {"aurc, trapezoid": of(AURC(), p, labels) if len(labels) > 1 else None}),
    }


print(json.dumps([figures(**json.loads(line)) for line in sys.stdin]))
