"""How a task is measured, as its page says it."""

from leitai.competitions.metrics import evaluation_view


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
