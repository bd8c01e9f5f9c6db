"""Confusion matrices and tables of classes equal those of scikit-learn, and tell of public rows alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from evaluators.figures.kinds import MOST_CLASSES, MOST_ROWS, Figure
from tests.evaluators.figures.drawing import one
from tests.evaluators.trial import Row

LABELS: Row = {"metric": "accuracy", "target": "y"}
RATINGS: Row = {"metric": "quadratic_weighted_kappa", "target": "y"}
FLAGS: Row = {"metric": "f1_samples", "target": ["a", "b"]}
CLASSES: Row = {"metric": "log_loss", "target": "y", "prediction": ["p", "q", "r"], "labels": ["x", "y", "z"]}


def pairs(*labels: Any) -> st.SearchStrategy[list[tuple[Any, Any]]]:
    """Answers beside predictions; every label is among the answers, or it would be unknown."""
    some = st.lists(st.tuples(st.sampled_from(labels), st.sampled_from(labels)), max_size=30)
    return some.map(lambda rows: [*rows, *((label, labels[0]) for label in labels)])


def columns(rows: list[tuple[Any, Any]]) -> tuple[Row, Row]:
    return {"y": [answer for answer, _ in rows]}, {"y": [said for _, said in rows]}


def expect_table(figure: Figure, target: list[Any], said: list[Any], labels: list[Any]) -> None:
    precision, recall, f1, support = precision_recall_fscore_support(
        target, said, labels=labels, zero_division=0
    )
    assert figure["columns"] == ["label", "rows", "precision", "recall", "f1"]
    assert [row[:2] for row in figure["rows"]] == [
        [str(label), rows] for label, rows in zip(labels, support, strict=True)
    ]
    shares = np.array([row[2:] for row in figure["rows"]])
    np.testing.assert_allclose(shares, np.column_stack([precision, recall, f1]), atol=1e-6)


@given(pairs("a", "b", "c"))
def test_labels_are_counted_as_scikit_learn_does(rows: list[tuple[str, str]]) -> None:
    answers, said = columns(rows)
    matrix = one(LABELS, answers, said, "confusion")
    assert (matrix["labels"], matrix["others"]) == (["a", "b", "c"], False)
    assert matrix["counts"] == confusion_matrix(answers["y"], said["y"], labels=["a", "b", "c"]).tolist()
    expect_table(one(LABELS, answers, said, "per_class"), answers["y"], said["y"], ["a", "b", "c"])


@given(st.lists(st.tuples(st.integers(-3, 12), st.integers(-3, 12)), min_size=1, max_size=30))
def test_ratings_are_classes_by_size_whether_answered_or_predicted(rows: list[tuple[int, int]]) -> None:
    answers, said = columns([*rows, (0, 1)])
    known = sorted({*answers["y"], *said["y"]})
    matrix = one(RATINGS, answers, said, "confusion")
    assert matrix["labels"] == [str(value) for value in known]
    assert matrix["counts"] == confusion_matrix(answers["y"], said["y"], labels=known).tolist()
    expect_table(one(RATINGS, answers, said, "per_class"), answers["y"], said["y"], known)


@given(st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=30))
def test_each_flag_is_a_row_of_its_own(rows: list[tuple[bool, ...]]) -> None:
    flags = np.array([*rows, (True,) * 4], dtype=int)
    answers = {"a": flags[:, 0].tolist(), "b": flags[:, 1].tolist()}
    said = {"a": flags[:, 2].tolist(), "b": flags[:, 3].tolist()}
    figure = one(FLAGS, answers, said, "per_class")
    precision, recall, f1, support = precision_recall_fscore_support(
        flags[:, :2], flags[:, 2:], zero_division=0
    )
    assert [row[:2] for row in figure["rows"]] == [["a", support[0]], ["b", support[1]]]
    shares = [row[2:] for row in figure["rows"]]
    np.testing.assert_allclose(shares, np.column_stack([precision, recall, f1]), atol=1e-6)


def test_numbers_for_each_class_predict_the_one_with_the_highest() -> None:
    said = {"p": [0.5, 0.1, 0.2, 0.4], "q": [0.3, 0.6, 0.5, 0.4], "r": [0.2, 0.3, 0.3, 0.2]}
    answers = {"y": ["x", "y", "x", "z"]}
    matrix = one(CLASSES, answers, said, "confusion")
    assert matrix["labels"] == ["x", "y", "z"]
    assert matrix["counts"] == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    table = one(CLASSES, answers, said, "per_class")["rows"]
    assert table[2] == ["z", 1, 0.0, 0.0, 0.0]


def test_labels_stand_in_the_order_of_the_task_which_may_list_some_without_a_row() -> None:
    metric = LABELS | {"labels": ["b", "c", "a"]}
    answers, said = {"y": ["a", "b"]}, {"y": ["b", "b"]}
    matrix = one(metric, answers, said, "confusion")
    assert (matrix["labels"], matrix["counts"]) == (["b", "c", "a"], [[1, 0, 0], [0, 0, 0], [1, 0, 0]])
    rows = one(metric, answers, said, "per_class")["rows"]
    assert rows == [["b", 1, 0.5, 1.0, 0.666667], ["c", 0, None, None, None], ["a", 1, 0.0, 0.0, 0.0]]


def test_many_classes_share_a_last_row_and_those_with_most_rows_keep_their_own() -> None:
    frequent = [f"k{number:03}" for number in range(0, 2 * MOST_CLASSES, 2)]
    rare = [f"k{number:03}" for number in range(1, 2 * MOST_CLASSES, 2)]
    answers = {"y": [*frequent * 3, *rare]}
    said = {"y": [*frequent * 3, *rare[1:], rare[0]]}
    matrix = one(LABELS, answers, said, "confusion")
    assert (matrix["labels"], matrix["others"]) == ([*frequent, ""], True)
    assert np.array_equal(matrix["counts"], np.diag([3] * MOST_CLASSES + [MOST_CLASSES]))


def test_a_table_has_the_classes_with_most_rows_in_their_own_order() -> None:
    names = [f"k{number:03}" for number in range(MOST_ROWS + 1)]
    answers = {"y": [*names, *names[1:]]}
    assert [row[0] for row in one(LABELS, answers, answers, "per_class")["rows"]] == names[1:]


@pytest.mark.parametrize("odd", ["x" * 300, "a\nb\u202e"])
def test_labels_of_any_form_can_be_shown(odd: str) -> None:
    answers = {"y": [odd, "b"]}
    matrix = one(LABELS, answers, answers, "confusion")
    assert len(matrix["labels"]) == 2
    assert max(map(len, matrix["labels"])) <= 60
