"""Any metric over a list of targets: computed for each column, and averaged."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evaluators
from evaluators.measuring import formula
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec

MCRMSE = {"metric": "rmse", "name": "MCRMSE", "target": ["a", "b", "c"]}
NUMBERS = st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 4), min_size=4, max_size=12)


def public(folder: Path, reference: list[Row], guess: list[Row], *metrics: Row) -> dict[str, float]:
    found: dict[str, float] = evaluated(folder, reference, guess, spec(*metrics))["scores"]["public"]
    return found


def guesses(**columns: list[object]) -> list[Row]:
    rows = zip(*columns.values(), strict=True)
    return [{"id": f"r{number}", **dict(zip(columns, row, strict=True))} for number, row in enumerate(rows)]


def test_mcrmse_is_the_mean_of_the_columns(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=[0] * 4, b=[1] * 4, c=[2] * 4)
    guess = guesses(a=[3, 0, 1, 0], b=[1] * 4, c=[5, 2, 6, 2])
    expected = (math.sqrt(10 / 2) + 0 + math.sqrt(25 / 2)) / 3
    assert public(tmp_path, reference, guess, MCRMSE) == pytest.approx({"MCRMSE": expected}, abs=1e-12)


def test_predictions_may_have_names_of_their_own(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=[0] * 4, b=[0] * 4)
    metric = {"metric": "mae", "target": ["a", "b"], "prediction": ["p", "q"]}
    assert public(tmp_path, reference, guesses(p=[1] * 4, q=[3] * 4), metric) == {"mae": 2.0}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(rows=NUMBERS, metric=st.sampled_from(["rmse", "mae", "median_absolute_error", "max_error", "smape"]))
def test_each_column_counts_as_the_metric_alone_would(
    tmp_path: Path, rows: list[tuple[float, ...]], metric: str
) -> None:
    a, b, p, q = (list(column) for column in zip(*rows, strict=True))
    found = public(
        tmp_path,
        answers([0] * len(a), a=a, b=b),
        guesses(p=p, q=q),
        {"metric": metric, "target": ["a", "b"], "prediction": ["p", "q"]},
    )
    alone = formula(evaluators.metrics()[metric])
    one, another = alone(np.array(a[::2]), np.array(p[::2])), alone(np.array(b[::2]), np.array(q[::2]))
    assert found[metric] == pytest.approx((one + another) / 2, rel=1e-9, abs=1e-9)


def test_columns_of_labels_keep_their_own_classes(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=["x", "x", "y", "y"], b=["k", "k", "l", "l"])
    metric = {"metric": "f1_macro", "target": ["a", "b"]}
    guess = guesses(a=["x", "x", "y", "y"], b=["k", "k", "k", "l"])
    assert public(tmp_path, reference, guess, metric)["f1_macro"] == pytest.approx((1 + 1 / 3) / 2)
    wrong = evaluated(tmp_path, reference, guesses(a=["x"] * 4, b=["x"] * 4), spec(metric))
    assert rejected(wrong)[0] == "unknown_labels"


def test_probabilities_of_each_column_are_checked(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=[0, 0, 1, 1], b=[1, 1, 0, 0])
    metric = {"metric": "brier", "target": ["a", "b"]}
    assert public(tmp_path, reference, guesses(a=[0.5] * 4, b=[1, 1, 0, 0]), metric) == {"brier": 0.125}
    code, params = rejected(evaluated(tmp_path, reference, guesses(a=[0] * 4, b=[0, 2, 0, 0]), spec(metric)))
    assert (code, params["column"]) == ("not_probability", "b")


def test_rankings_and_series_are_ranked_in_each_column(tmp_path: Path) -> None:
    reference = answers([0] * 4, a=[1, 1, 0, 0], b=[0, 0, 1, 1], q=["s"] * 4)
    metric = {"metric": "mrr", "target": ["a", "b"], "group": "q"}
    assert public(tmp_path, reference, guesses(a=[4, 4, 1, 1], b=[4, 4, 1, 1]), metric) == {"mrr": 0.75}


@pytest.mark.parametrize(
    ("metric", "key", "problem"),
    [
        (MCRMSE | {"target": ["a"]}, "target", "is a list of 1."),
        (MCRMSE | {"target": ["a", "a"]}, "target", "names a column twice."),
        (MCRMSE | {"prediction": ["a", "b"]}, "prediction", "names 2 of 3 columns."),
        (MCRMSE | {"prediction": "a"}, "prediction", "is no list of columns."),
        (
            {"metric": "interval_score", "alpha": 0.1, "target": ["a", "b"], "prediction": ["l", "u"]},
            "target",
            "['a', 'b'] is no name of a column.",
        ),
        (
            {"metric": "top_k_accuracy", "k": 1, "target": ["a", "b"], "prediction": ["l", "u"]},
            "target",
            "['a', 'b'] is no name of a column.",
        ),
    ],
)
def test_wrong_lists_are_told(metric: Row, key: str, problem: str) -> None:
    with pytest.raises(evaluators.SpecError) as refused:
        evaluators.validate(spec(metric))
    assert (refused.value.key, refused.value.problem) == (f"metrics[0].{key}", problem)
