"""How a score is made of others, as the evaluation tab says it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from leitai import db
from leitai.competitions.metrics import MetricView, evaluation_view
from tests.leitai.factories import make_phase, make_task

RMSE = {"metric": "rmse", "name": "RMSE", "target": "y"}
MAE = {"metric": "mae", "name": "MAE", "target": "y"}
AUC = {"metric": "roc_auc", "name": "AUC", "target": "c"}


def task(*metrics: dict[str, Any]) -> dict[str, Any]:
    return {"id": "id", "split": "split", "metrics": list(metrics)}


def first(*metrics: dict[str, Any]) -> MetricView:
    return evaluation_view(task(*metrics)).metrics[0]


@pytest.mark.parametrize(
    ("entry", "formula", "title"),
    [
        ({"combine": "mean", "of": ["RMSE", "MAE"]}, "(RMSE + MAE) / 2", "Mean of other scores"),
        (
            {"combine": "mean", "of": {"RMSE": 2, "MAE": 1}},
            "(2·RMSE + MAE) / 3",
            "Weighted mean of other scores",
        ),
        (
            {"combine": "sum", "of": {"RMSE": 0.25, "MAE": 1}},
            "0.25·RMSE + MAE",
            "Weighted sum of other scores",
        ),
        (
            {"combine": "geometric_mean", "of": ["RMSE", "MAE"]},
            "(RMSE · MAE)^(1/2)",
            "Geometric mean of other scores",
        ),
        ({"combine": "worst", "of": ["RMSE", "MAE"]}, "max(RMSE, MAE)", "The worst of other scores"),
        (
            {"combine": "mean_rank", "of": {"RMSE": 2, "MAE": 1}},
            "(2·rank(RMSE) + rank(MAE)) / 3",
            "Weighted mean of a team's ranks by other scores",
        ),
        (
            {"combine": "mean", "of": {"RMSE": {"scale": {"low": 0.5, "high": -1, "clip": False}}}},
            "(100·(RMSE − 0.5) / (−1 − 0.5)) / 1",
            "Mean of other scores",
        ),
    ],
)
def test_a_combination_is_told_as_a_formula_of_its_parts(
    entry: dict[str, Any], formula: str, title: str
) -> None:
    view = first({"name": "T", **entry}, RMSE, MAE)
    assert (view.formula, view.title) == (formula, title)


def test_points_are_told_in_words_with_their_ends() -> None:
    view = first({"combine": "mean", "of": {"RMSE": {"scale": {"low": 0.52, "high": 0.1}}}}, RMSE)
    [(text, named)] = view.notes
    assert text % named == "RMSE in points, on a straight line: 0 for 0.52, 100 for 0.1, never less or more."


def test_a_metric_over_columns_and_groups_says_so_and_names_no_group() -> None:
    metric = RMSE | {"target": ["a", "b"], "by": "region", "over": "worst", "scale": {"low": 9, "high": 0}}
    told = [text % named for text, named in first(metric).notes]
    assert told == [
        "The mean over 2 columns, each with a prediction of its own.",
        "Of the groups of rows the worst one counts.",
        "In points, on a straight line: 0 for 9, 100 for 0, never less or more.",
    ]
    assert "region" not in str(first(metric))


def test_the_tab_shows_bounds_and_notes(client: FlaskClient, database: object) -> None:
    with db.transaction() as session:
        found = make_task(session, evaluation=task(RMSE | {"scale": {"low": 9, "high": 0}}))
        make_phase(session, found)
        address = f"/competitions/{found.competition.slug}/{found.slug}/evaluation"
    page = client.get(address).text
    assert "[0, 100]" in page
    assert "In points, on a straight line: 0 for 9, 100 for 0, never less or more." in page


def test_several_tables_are_told_with_their_columns(client: FlaskClient, database: object) -> None:
    files = {"boxes.csv": task(RMSE), "labels.csv": task(AUC) | {"id": "key"}}
    with db.transaction() as session:
        found = make_task(session, evaluation={"files": files})
        make_phase(session, found)
        address = f"/competitions/{found.competition.slug}/{found.slug}/evaluation"
    page = client.get(address).text
    assert "A .zip with these tables at its top" in page
    assert "Columns of boxes.csv: <code>id</code>, <code>y</code>" in page
    assert "Columns of labels.csv: <code>key</code>, <code>c</code>" in page
    assert "Its columns:" not in page
