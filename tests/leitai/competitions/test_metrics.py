"""Every metric that a task may name has a title to translate and a formula to show."""

import evaluators
from leitai.competitions.metrics import FORMULAS, TITLES, evaluation_view


def test_every_metric_has_a_formula_and_a_title() -> None:
    known = evaluators.metrics()
    assert set(FORMULAS) == set(known)
    assert set(TITLES) == {info.title for info in known.values()}


def test_a_view_names_the_columns_to_hand_in_and_the_parameters() -> None:
    ranking = {
        "metric": "ndcg",
        "name": "NDCG@5",
        "target": "relevance",
        "prediction": "score",
        "group": "query",
        "k": 5,
    }
    view = evaluation_view({"id": "id", "split": "split", "file": "out.csv", "metrics": [ranking]})
    assert (view.id, view.columns, view.file) == ("id", ("id", "score"), "out.csv")
    [metric] = view.metrics
    assert (metric.column.name, dict(metric.parameters)) == ("NDCG@5", {"k": 5})
