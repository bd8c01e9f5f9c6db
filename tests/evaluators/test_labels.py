"""Labels, probabilities and scores as a submission writes them."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.contents.classes import UNKNOWN, classes_of
from evaluators.errors import ReferenceTrouble
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

ACCURACY = {"metric": "accuracy", "target": "y"}
P = ["p0", "p1", "p2"]


def submitted(values: list[Any], column: str = "y") -> list[Row]:
    return [{"id": f"r{number}", column: value} for number, value in enumerate(values)]


def accuracy(folder: Path, target: list[Any], predicted: list[Any], **more: Any) -> dict[str, Any]:
    return evaluated(folder, answers(target), submitted(predicted), spec(ACCURACY | more))


@pytest.mark.parametrize(
    ("target", "predicted"),
    [
        ([0, 1, 1, 0], ["0", "1.0", "1.", "-0"]),
        ([0, 1, 1, 0], ["0.0", "1e0", "+1", "00"]),
        (["0.0", "1.0", "1", "0"], ["0", "1", "1", "0"]),
        ([-1, 10, 9, -1], ["-1", "10", "9", "-1"]),
        (["cat", "狗", "cat", "狗"], ["cat", "狗", "cat", "狗"]),
        (["01", "1", "01", "1"], ["01", "1", "01", "1"]),
        (["true", "false", "true", "false"], ["true", "false", "true", "false"]),
    ],
)
def test_an_integer_label_is_met_by_its_value_and_a_text_by_its_characters(
    tmp_path: Path, target: list[Any], predicted: list[Any]
) -> None:
    result = accuracy(tmp_path, target, predicted)
    assert result["scores"] == {"public": {"accuracy": 1.0}, "private": {"accuracy": 1.0}}


@pytest.mark.parametrize(
    ("target", "other"),
    [
        ([0, 1, 1, 0], "2"),
        ([0, 1, 1, 0], "0.5"),
        ([0, 1, 1, 0], "one"),
        ([0, 1, 1, 0], "true"),
        (["a", "b", "b", "a"], "A"),
        (["a", "b", "b", "a"], " a"),
        (["01", "1", "1", "01"], "1.0"),
    ],
)
def test_a_label_that_the_task_does_not_know_is_named_by_its_id(
    tmp_path: Path, target: list[Any], other: str
) -> None:
    found = rejected(accuracy(tmp_path, target, [*target[:3], other]))
    assert found == ("unknown_labels", {"column": "y", "count": 1, "examples": ["r3"]})


@pytest.mark.parametrize("target", [[0, 1, 1, 0], ["a", "b", "b", "a"]], ids=["integers", "texts"])
@pytest.mark.parametrize("other", ["", "nan", "NaN"])
def test_a_row_without_a_label_is_named_by_its_id(tmp_path: Path, target: list[Any], other: str) -> None:
    found = rejected(accuracy(tmp_path, target, [*target[:3], other]))
    assert found == ("no_values", {"column": "y", "count": 1, "examples": ["r3"]})


def test_a_task_may_list_labels_that_the_answers_lack(tmp_path: Path) -> None:
    result = accuracy(tmp_path, [0, 1, 1, 0], [2, 1, 1, 0], labels=[0, 1, 2])
    assert result["scores"]["public"]["accuracy"] == 0.5


def test_weights_of_kappa_go_by_the_order_of_labels(tmp_path: Path) -> None:
    task = {"metric": "cohen_kappa", "target": "y", "weights": "linear"}
    target = ["low", "low", "mid", "mid", "high", "high"]
    predicted = [*target[:4], "mid", "mid"]
    scores = []
    for labels in (["low", "mid", "high"], ["mid", "low", "high"]):
        result = evaluated(tmp_path, answers(target), submitted(predicted), spec(task | {"labels": labels}))
        scores.append(result["scores"]["public"]["cohen_kappa"])
    assert scores == pytest.approx([1 - (3 / 9) / (7 / 9), 1 - (6 / 9) / (8 / 9)])


def test_answers_outside_the_listed_labels_are_trouble_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="`labels` does not list"):
        accuracy(tmp_path, [0, 1, 3, 0], [0, 0, 0, 0], labels=[0, 1, 2])


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=30))
def test_integers_are_classes_in_the_order_of_size(labels: list[int]) -> None:
    classes = classes_of(map(str, labels))
    assert list(classes.names) == [str(label) for label in sorted(set(labels))]
    codes = classes.codes(pl.Series([*map(str, labels), "x"]))
    assert [int(classes.names[code]) for code in codes[:-1]] == labels
    assert codes[-1] == UNKNOWN


@given(st.lists(st.text(min_size=1), min_size=1, max_size=30))
def test_texts_are_classes_by_their_characters(labels: list[str]) -> None:
    labels = [*labels, "not a number"]
    classes = classes_of(labels)
    assert [classes.names[code] for code in classes.codes(pl.Series(labels))] == labels


AUC = {"metric": "roc_auc", "target": "y", "prediction": "p"}


@pytest.mark.parametrize(
    ("target", "more"),
    [
        ([0, 0, 1, 1], {}),
        (["0", "0", "1.0", "1"], {}),
        (["no", "no", "yes", "yes"], {"positive": "yes"}),
        ([1, 1, 2, 2], {"positive": 2}),
        (["a", "b", "c", "c"], {"positive": "c"}),
    ],
)
def test_the_positive_label_is_1_beside_0_or_the_one_that_the_task_names(
    tmp_path: Path, target: list[Any], more: Row
) -> None:
    result = evaluated(tmp_path, answers(target), submitted([0.1, 0.2, 0.8, 0.9], "p"), spec(AUC | more))
    assert result["scores"] == {"public": {"roc_auc": 1.0}, "private": {"roc_auc": 1.0}}


@pytest.mark.parametrize(
    ("target", "more", "words"),
    [
        (["no", "no", "yes", "yes"], {}, "name the positive one with `positive`"),
        ([1, 1, 2, 2], {}, "name the positive one"),
        ([0, 0, 1, 1], {"positive": 2}, "no row of the column y has the positive label"),
        ([0, 0, 0, 0], {}, "positive label"),
        ([0, 0, 1, 0], {}, "roc_auc is undefined on this reference"),
    ],
)
def test_answers_without_a_positive_label_are_trouble_of_ours(
    tmp_path: Path, target: list[Any], more: Row, words: str
) -> None:
    with pytest.raises(ReferenceTrouble, match=words):
        evaluated(tmp_path, answers(target), submitted([0.1, 0.2, 0.8, 0.9], "p"), spec(AUC | more))


def shares(matrix: list[list[Any]]) -> list[Row]:
    return [{"id": f"r{number}"} | dict(zip(P, row, strict=True)) for number, row in enumerate(matrix)]


TARGET = ["b", "b", "a", "a", "c", "c"]
SURE = [[0, 1, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]]


def log_loss(folder: Path, matrix: list[list[Any]], **more: Any) -> dict[str, Any]:
    task = spec({"metric": "log_loss", "target": "y", "prediction": P} | more)
    return evaluated(folder, answers(TARGET), shares(matrix), task)


def test_a_column_for_each_class_goes_by_the_order_of_labels(tmp_path: Path) -> None:
    assert log_loss(tmp_path, SURE)["scores"]["public"]["log_loss"] == pytest.approx(0, abs=1e-9)
    turned = [[row[2], row[0], row[1]] for row in SURE]
    found = log_loss(tmp_path, turned, labels=["c", "a", "b"])
    assert found["scores"]["private"]["log_loss"] == pytest.approx(0, abs=1e-9)
    task = spec({"metric": "log_loss", "target": "y", "prediction": P})
    with pytest.raises(ReferenceTrouble, match="3 columns for 2 labels"):
        evaluated(tmp_path, answers(["a", "b"] * 2), shares(SURE[:4]), task)


def test_top_k_accuracy_goes_by_the_order_of_labels(tmp_path: Path) -> None:
    task = {"metric": "top_k_accuracy", "target": "y", "prediction": P, "k": 1}
    turned = [[row[2], row[0], row[1]] for row in SURE]
    for matrix, more in ((SURE, {}), (turned, {"labels": ["c", "a", "b"]})):
        result = evaluated(tmp_path, answers(TARGET), shares(matrix), spec(task | more))
        assert result["scores"]["public"]["top_k_accuracy"] == 1.0


def test_without_a_group_all_rows_of_a_split_are_one_list(tmp_path: Path) -> None:
    found = []
    for more in ({}, {"group": "q"}):
        task = {"metric": "precision_at_k", "target": "y", "prediction": "p", "k": 1}
        reference = answers([0, 1, 1, 1, 1, 0], q=[1, 1, 2, 2, 3, 3])
        result = evaluated(tmp_path, reference, submitted([3, 6, 2, 5, 1, 4], "p"), spec(task | more))
        found.append(result["scores"])
    assert [scores["public"]["precision_at_k"] for scores in found] == [0.0, 1.0]
    assert [scores["private"]["precision_at_k"] for scores in found] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("row", "code", "params"),
    [
        ([0.5, 0.6, 0.0], "sum_not_one", {"count": 1, "examples": ["r0"]}),
        ([0.0, 0.0, 0.0], "sum_not_one", {"count": 1, "examples": ["r0"]}),
        ([1.5, -0.5, 0.0], "not_probability", {"column": "p0", "count": 1, "examples": ["r0"]}),
        ([0.5, 0.5, -1e-9], "not_probability", {"column": "p2", "count": 1, "examples": ["r0"]}),
        ([0.5, 0.5, "nan"], "no_values", {"column": "p2", "count": 1, "examples": ["r0"]}),
        ([0.5, "half", 0], "not_numeric", {"column": "p1", "count": 1, "examples": ["r0"]}),
    ],
)
def test_what_is_no_probability_is_refused_before_any_logarithm(
    tmp_path: Path, row: list[Any], code: str, params: Row
) -> None:
    assert rejected(log_loss(tmp_path, [row, *SURE[1:]])) == (code, params)


def test_rounded_probabilities_pass(tmp_path: Path) -> None:
    assert "scores" in log_loss(tmp_path, [[0.333, 0.333, 0.333], *SURE[1:]])


@pytest.mark.parametrize("metric", ["log_loss", "brier"])
@pytest.mark.parametrize("value", ["1.0000001", "-0.1"])
def test_one_column_of_probabilities_keeps_to_its_range(tmp_path: Path, metric: str, value: str) -> None:
    task = spec({"metric": metric, "target": "y", "prediction": "p"})
    found = evaluated(tmp_path, answers([0, 1]), submitted([0.5, value], "p"), task)
    assert rejected(found)[0] == "not_probability"


def test_scores_for_an_area_may_be_any_numbers(tmp_path: Path) -> None:
    found = evaluated(tmp_path, answers([0, 0, 1, 1]), submitted([-5, -1e300, 7, 1e300], "p"), spec(AUC))
    assert found["scores"]["private"]["roc_auc"] == 1.0


def test_ratings_are_whole_numbers_on_both_sides(tmp_path: Path) -> None:
    task = spec({"metric": "quadratic_weighted_kappa", "target": "y"})
    reference = answers([1, 2, 3, 4])
    found = evaluated(tmp_path, reference, submitted(["1.0", 2, 3, 4]), task)
    assert found["scores"]["public"]["quadratic_weighted_kappa"] == 1.0
    assert rejected(evaluated(tmp_path, reference, submitted([1, 2.5, 3, 4]), task))[0] == "unknown_labels"
    with pytest.raises(ReferenceTrouble, match="whole numbers"):
        evaluated(tmp_path, answers([1, 2.5, 3, 4]), submitted([1, 2, 3, 4]), task)
