"""What organizers usually write: `python script.py METRIC REFERENCE SUBMISSION` tells seconds and memory.

Both tables are read, merged by id, and scored for each split by scikit-learn.
"""

import json
import resource
import sys
import time

import pandas as pd
from sklearn import metrics

SCORES = {
    "rmse": metrics.root_mean_squared_error,
    "roc_auc": metrics.roc_auc_score,
    "log_loss": metrics.log_loss,
    "quadratic_weighted_kappa": lambda target, said: metrics.cohen_kappa_score(
        target, said, weights="quadratic"
    ),
    "f1_macro": lambda target, said: metrics.f1_score(target, said, average="macro"),
}


def main(metric: str, reference: str, submission: str) -> None:
    began = time.perf_counter()
    answers = pd.read_csv(reference)
    answers_read = time.perf_counter()
    merged = answers.merge(pd.read_csv(submission), on="id", suffixes=("", "_said"))
    scores = {
        split: float(SCORES[metric](rows["value"], rows["value_said"]))
        for split, rows in merged.groupby("split")
    }
    ended = time.perf_counter()
    told = {"seconds": ended - began, "without_reference": ended - answers_read, "scores": scores}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps(told | {"peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
