"""Rows with several labels: columns of one class, and tasks that name a list of targets."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics as oracle

from evaluators.errors import ReferenceTrouble, UndefinedByReference
from evaluators.formulas import multilabel as ours
from tests.evaluators.arrays import CLOSE, Pair
from tests.evaluators.oracles.multilabel import scored
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec


@given(scored)
def test_columns_of_one_class_are_refused_or_skipped(pair: Pair) -> None:
    target, scores = pair
    target[0, 0], target[1, 0], target[:, 1] = True, False, target[0, 1]
    judged = target.any(axis=0) & ~target.all(axis=0)
    with pytest.raises(UndefinedByReference, match="column"):
        ours.mean_roc_auc(target, scores)
    areas = [oracle.roc_auc_score(target[:, n], scores[:, n]) for n in range(len(judged)) if judged[n]]
    assert ours.mean_roc_auc(target, scores, one_class="skip") == pytest.approx(np.mean(areas), **CLOSE)


RED, ROUND = [1, 0, 0, 1], [0, 0, 1, 1]
TARGETS = ["red", "round"]


def tagged(red: list[Any], round_: list[Any]) -> list[Row]:
    pairs = zip(red, round_, strict=True)
    return [{"id": f"r{number}", "red": one, "round": two} for number, (one, two) in enumerate(pairs)]


def scored_task(folder: Path, rows: list[Row], **metric: Any) -> dict[str, Any]:
    reference = answers([0] * 4, red=RED, round=ROUND)
    return evaluated(folder, reference, rows, spec({"target": TARGETS} | metric))


@pytest.mark.parametrize(
    ("metric", "public", "private"),
    [("f1_samples", 1.0, 1 / 3), ("hamming_loss", 0.0, 0.5), ("mean_log_loss", 0.0, 0.5 * -np.log(2**-52))],
)
def test_each_target_is_compared_with_its_own_column(
    tmp_path: Path, metric: str, public: float, private: float
) -> None:
    result = scored_task(tmp_path, tagged([1, 1, "0.0", 1], [0, 0, 1, 0]), metric=metric)
    assert result["scores"]["public"][metric] == pytest.approx(public, abs=1e-9)
    assert result["scores"]["private"][metric] == pytest.approx(private, abs=1e-9)


def test_scores_of_labels_need_not_sum_to_one_and_may_have_other_names(tmp_path: Path) -> None:
    rows = [{"id": f"r{n}", "a": a, "b": b} for n, (a, b) in enumerate(zip(RED, ROUND, strict=True))]
    for metric in ("mean_roc_auc", "lrap", "mean_log_loss"):
        result = scored_task(tmp_path, rows, metric=metric, prediction=["a", "b"])
        expected = 0 if metric == "mean_log_loss" else 1
        assert result["scores"]["private"][metric] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("metric", "value", "code"),
    [
        ("f1_samples", 0.5, "unknown_labels"),
        ("f1_samples", 2, "unknown_labels"),
        ("f1_samples", "", "no_values"),
        ("hamming_loss", 2, "unknown_labels"),
        ("mean_log_loss", 1.5, "not_probability"),
        ("mean_roc_auc", "nan", "no_values"),
        ("lrap", "high", "not_numeric"),
    ],
)
def test_what_a_column_cannot_hold_is_told_by_its_name(
    tmp_path: Path, metric: str, value: Any, code: str
) -> None:
    found = rejected(scored_task(tmp_path, tagged(RED, [*ROUND[:3], value]), metric=metric))
    assert found == (code, {"column": "round", "count": 1, "examples": ["r3"]})


def test_hamming_loss_knows_the_labels_of_each_column(tmp_path: Path) -> None:
    reference = answers(["a", "b", "b", "a"], size=[1, 2, 3, 2])
    rows = [{"id": f"r{n}", "y": y, "size": 2} for n, y in enumerate("aabb")]
    task = spec({"metric": "hamming_loss", "target": ["y", "size"]})
    assert evaluated(tmp_path, reference, rows, task)["scores"]["private"]["hamming_loss"] == 0.5
    rows[3]["size"] = 4
    assert rejected(evaluated(tmp_path, reference, rows, task))[0] == "unknown_labels"


def test_a_target_of_several_labels_is_0_or_1(tmp_path: Path) -> None:
    reference = answers([0, 1, 2, 1], z=[0, 1, 1, 0])
    task = spec({"metric": "f1_samples", "target": ["y", "z"]})
    with pytest.raises(ReferenceTrouble, match="the column y holds what is neither 0 nor 1"):
        evaluated(tmp_path, reference, [{"id": "r0", "y": 0, "z": 0}], task)
