"""Rows with several labels: the formulas against scikit-learn, and tasks that name a list of targets."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn import metrics as oracle

from evaluators.errors import ReferenceTrouble, UndefinedByReference
from evaluators.formulas import multilabel as ours
from evaluators.formulas.classification import hamming_loss
from tests.evaluators.arrays import CLOSE, Pair, few, share
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

shapes = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8)


def tables(elements: st.SearchStrategy[Any], dtype: Any = np.float64) -> st.SearchStrategy[Pair]:
    """Labels of rows, and as many values."""
    return shapes.flatmap(
        lambda shape: st.tuples(arrays(np.bool_, shape), arrays(dtype, shape, elements=elements))
    )


scored = st.one_of(tables(few), tables(st.floats(-1e6, 1e6)))
flagged = tables(st.booleans(), np.bool_)


@given(scored)
def test_mean_area_is_that_of_scikit_learn(pair: Pair) -> None:
    target, scores = pair
    target[0], target[1] = True, False
    expected = oracle.roc_auc_score(target, scores, average="macro")
    assert ours.mean_roc_auc(target, scores) == pytest.approx(expected, **CLOSE)


@given(scored)
def test_columns_of_one_class_are_refused_or_skipped(pair: Pair) -> None:
    target, scores = pair
    target[0, 0], target[1, 0], target[:, 1] = True, False, target[0, 1]
    judged = target.any(axis=0) & ~target.all(axis=0)
    with pytest.raises(UndefinedByReference, match="column"):
        ours.mean_roc_auc(target, scores)
    areas = [oracle.roc_auc_score(target[:, n], scores[:, n]) for n in range(len(judged)) if judged[n]]
    assert ours.mean_roc_auc(target, scores, one_class="skip") == pytest.approx(np.mean(areas), **CLOSE)


def test_where_every_column_has_one_class_there_is_no_mean_area() -> None:
    with pytest.raises(UndefinedByReference, match="column"):
        ours.mean_roc_auc(np.array([[True, False]] * 2), np.zeros((2, 2)), one_class="skip")


@given(tables(share))
def test_mean_log_loss_is_the_mean_of_that_of_scikit_learn(pair: Pair) -> None:
    target, chances = pair
    columns = zip(target.T, chances.T, strict=True)
    expected = np.mean([oracle.log_loss(*column, labels=[False, True]) for column in columns])
    assert ours.mean_log_loss(target, chances) == pytest.approx(expected, **CLOSE)


@given(flagged)
def test_f1_by_sample_is_that_of_scikit_learn(pair: Pair) -> None:
    expected = oracle.f1_score(*pair, average="samples", zero_division=1)
    assert ours.f1_samples(*pair) == pytest.approx(expected, **CLOSE)


def test_a_row_without_labels_is_right_when_none_are_predicted() -> None:
    target, prediction = np.zeros((2, 3), dtype=bool), np.zeros((2, 3), dtype=bool)
    prediction[1, 0] = True
    assert ours.f1_samples(target, prediction) == 0.5


@given(flagged)
def test_hamming_loss_of_several_labels_is_that_of_scikit_learn(pair: Pair) -> None:
    assert hamming_loss(*pair) == pytest.approx(oracle.hamming_loss(*pair), **CLOSE)


@given(scored)
def test_label_ranking_average_precision_is_that_of_scikit_learn(pair: Pair) -> None:
    target, scores = pair
    target[0, 0] = True
    expected = oracle.label_ranking_average_precision_score(target, scores)
    assert ours.lrap(target, scores) == pytest.approx(expected, **CLOSE)


def test_label_ranking_is_undefined_without_a_label_and_equal_scores_gain_nothing() -> None:
    with pytest.raises(UndefinedByReference, match="label"):
        ours.lrap(np.zeros((2, 3), dtype=bool), np.zeros((2, 3)))
    assert ours.lrap(np.array([[True, False, False]]), np.zeros((1, 3))) == pytest.approx(1 / 3)


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
