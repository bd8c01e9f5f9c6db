"""A specification is refused with key, problem and remedy, so that its author need not guess."""

from datetime import date
from typing import Any

import pytest

import evaluators
from evaluators.spec.task import parse
from tests.evaluators.trial import spec

MAE = {"metric": "mae", "target": "y"}
AUC = {"metric": "roc_auc", "target": "y", "prediction": "p"}
TWEEDIE = {"metric": "tweedie_deviance", "target": "y"}
MASE = {"metric": "mase", "target": "y"}
WQL = {"metric": "weighted_quantile_loss", "target": "y"}
INTERVAL = {"metric": "interval_score", "target": "y", "alpha": 0.1}
PLACES = {"metric": "haversine_distance", "target": ["lat", "lon"]}
F_BETA = {"metric": "f_beta", "target": "y", "beta": 2}
KAPPA = {"metric": "cohen_kappa", "target": "y"}
TAGS = {"metric": "hamming_loss", "target": ["a", "b"]}
TOP = {"metric": "top_k_accuracy", "target": "y", "prediction": ["a", "b", "c"], "k": 1}


def complaint(given: Any) -> evaluators.SpecError:
    with pytest.raises(evaluators.SpecError) as refused:
        evaluators.validate(given)
    return refused.value


@pytest.mark.parametrize(
    ("given", "key", "problem", "remedy"),
    [
        ([], "", "is not a mapping.", "Write id, split and metrics."),
        ({}, "id", "is missing.", "like id: id"),
        ({"id": "id", "metrics": [MAE]}, "split", "is missing.", "public or private"),
        (spec(MAE, id=7), "id", "7 is no name of a column.", "names a row"),
        (spec(MAE, id=" "), "id", "' ' is no name of a column.", "names a row"),
        (spec(MAE, id="x" * 201), "id", "has 201 characters", "Shorten"),
        (spec(MAE, split="id"), "split", "'id' is the column of ids.", "another"),
        (spec(MAE, metric="mae"), "metric", "is not a known key.", "Did you mean metrics?"),
        (
            spec(MAE, seed=1),
            "seed",
            "is not a known key.",
            "The keys are id, ids, split, file, metrics, uncertainty, figures.",
        ),
        (spec(MAE, file="out/p.csv"), "file", "'out/p.csv' is no plain file name.", "predictions.csv"),
        (spec(MAE, file="p.pkl"), "file", "'p.pkl' is the name of no table.", ".jsonl"),
        (spec(MAE, file=["p.csv"]), "file", "['p.csv'] is no plain file name.", "predictions.csv"),
        ({"id": "id", "split": "s"}, "metrics", "is missing.", "primary one first"),
        (spec(metrics=[]), "metrics", "is no list with a metric in it.", "primary one first"),
        (spec(metrics={"mae": "y"}), "metrics", "is no list with a metric in it.", "primary one first"),
        (spec(metrics=[MAE] * 21), "metrics", "has 21 metrics; a task may have 20.", "Keep"),
        (spec(metrics=["mae"]), "metrics[0]", "'mae' is not a mapping.", "Write metric, target"),
    ],
)
def test_a_wrong_specification_is_told_with_its_remedy(
    given: Any, key: str, problem: str, remedy: str
) -> None:
    error = complaint(given)
    assert error.key == key
    assert problem in error.problem
    assert remedy in error.remedy
    assert str(error) == f"{key}: {error.problem} {error.remedy}".removeprefix(": ")


@pytest.mark.parametrize(
    ("metric", "key", "problem", "remedy"),
    [
        ({"target": "y"}, "metric", "is missing.", "Choose one of accuracy, "),
        ({"metric": "RMSE"}, "metric", "'RMSE' is no metric.", "Did you mean rmse?"),
        ({"metric": "auc"}, "metric", "'auc' is no metric.", "roc_auc"),
        ({"metric": "f1"}, "metric", "'f1' is no metric.", "f1_macro"),
        ({"metric": "log loss"}, "metric", "'log loss' is no metric.", "Did you mean log_loss?"),
        ({"metric": "zzz"}, "metric", "'zzz' is no metric.", "The metrics are accuracy, "),
        ({"metric": 7}, "metric", "7 is no metric.", "The metrics are accuracy, "),
        ({"metric": "mae"}, "target", "is missing.", "holds the answer"),
        (MAE | {"target": ["a"]}, "target", "is a list of 1.", "for one target its column"),
        (MAE | {"target": "id"}, "target", "'id' is the column of ids.", "another"),
        (MAE | {"target": "split"}, "target", "'split' is the column of splits.", "another"),
        (MAE | {"prediction": "id"}, "prediction", "'id' is the column of ids.", "another"),
        (MAE | {"targets": "y"}, "targets", "is not a known key.", "Did you mean target?"),
        (MAE | {"k": 3}, "k", "is not a known key.", "prediction, scale, by, over, show_groups."),
        (MAE | {"group": "q"}, "group", "is not a known key.", "The keys are"),
        (MAE | {"prediction": ["a", "b"]}, "prediction", "is a list, and mae takes one column.", "Name one"),
        (AUC | {"prediction": ["a"]}, "prediction", "is a list of 1.", "for two classes one column"),
        (AUC | {"prediction": ["a", "a"]}, "prediction", "names a column twice.", "each class"),
        (AUC | {"prediction": ["a", 1]}, "prediction[1]", "1 is no name of a column.", "one class"),
        (MAE | {"name": "x" * 61}, "name", "has 61 characters; a name may have 60.", "Shorten"),
        (MAE | {"name": " MAE"}, "name", "' MAE' is no name.", "without spaces"),
        (MAE | {"name": ""}, "name", "'' is no name.", "short text"),
        (MAE | {"name": "a\nb"}, "name", "'a\\nb' is no name.", "short text"),
        (MAE | {"name": 1}, "name", "1 is no name.", "short text"),
        ({"metric": "pinball", "target": "y"}, "alpha", "is missing.", "like alpha: 0.9."),
        ({"metric": "pinball", "target": "y", "alpha": 1}, "alpha", "1 is not a number between", "0.9"),
        ({"metric": "pinball", "target": "y", "alpha": "0.9"}, "alpha", "'0.9' is not a number", "0.9"),
        (MASE | {"group": "q"}, "scale", "is missing.", "the column with the error of a naive forecast"),
        (MASE | {"scale": "s"}, "group", "is missing.", "Name the column that names the series."),
        (MASE | {"group": "q", "scale": "split"}, "scale", "is the column of splits.", "another"),
        (MASE | {"group": "q", "scale": 2}, "scale", "2 is no name of a column.", "the column with"),
        (MASE | {"weight": "w"}, "weight", "is not a known key.", "prediction, group, scale, by, over, show"),
        (WQL, "quantiles", "is missing.", "like quantiles: [0.1, 0.5, 0.9]."),
        (WQL | {"quantiles": [0.1, 0.9]}, "quantiles", "has 2 quantiles for 1 columns.", "same order"),
        (WQL | {"quantiles": [0.9, 0.1]}, "quantiles", "[0.9, 0.1] is not a list of rising", "[0.1"),
        (WQL | {"quantiles": [0, 0.1]}, "quantiles", "[0, 0.1] is not a list of rising numbers", "[0.1"),
        (WQL | {"quantiles": []}, "quantiles", "[] is not a list of rising numbers", "[0.1"),
        (WQL | {"quantiles": 0.1}, "quantiles", "0.1 is not a list of rising numbers", "[0.1"),
        (
            WQL | {"prediction": ["a"], "quantiles": [0.5]},
            "prediction",
            "is a list of 1.",
            "for one quantile its column",
        ),
        (INTERVAL, "prediction", "is no list of 2 columns.", "columns of lower bound and upper bound"),
        (INTERVAL | {"prediction": ["a"]}, "prediction", "is no list of 2 columns.", "in this order"),
        (INTERVAL | {"prediction": ["a", "a"]}, "prediction", "twice", "lower bound and one for upper bound"),
        (INTERVAL | {"prediction": ["a", "id"]}, "prediction", "is the column of ids.", "another"),
        (PLACES | {"target": "lat"}, "target", "is no list of 2 columns.", "latitude and longitude"),
        (PLACES | {"target": ["lat", 3]}, "target[1]", "3 is no name of a column.", "the longitude column"),
        (PLACES | {"target": ["lat", "id"]}, "target", "is the column of ids.", "another"),
        (PLACES | {"radius": 0}, "radius", "0 is not a number above 0", "radius: 6371"),
        (TWEEDIE, "power", "is missing.", "Write 0, or a number from 1 to 10, like power: 1.5."),
        (TWEEDIE | {"power": 0.5}, "power", "0.5 is not 0, or a number from 1", "power: 1.5"),
        (TWEEDIE | {"power": True}, "power", "True is not 0, or a number from 1", "quote them"),
        ({"metric": "f_beta", "target": "y"}, "beta", "is missing.", "like beta: 2."),
        (AUC | {"metric": "partial_roc_auc"}, "max_fpr", "is missing.", "like max_fpr: 0.1."),
        (AUC | {"metric": "partial_roc_auc", "max_fpr": 0}, "max_fpr", "0 is not a number above 0", "0.1"),
        (AUC | {"metric": "expected_calibration_error", "bins": 1001}, "bins", "1001 is not a whole", "15"),
        (KAPPA | {"weights": "cubic"}, "weights", "'cubic' is not one of none, linear", "linear"),
        (KAPPA | {"weights": None}, "weights", "None is not one of none, linear", "linear"),
        (TOP | {"prediction": "a"}, "prediction", "is no list of columns.", "a column for each class"),
        (TOP | {"k": None}, "k", "None is not a whole number from 1.", "k: 5"),
        (TOP | {"k": 3}, "k", "is 3 of 3 columns: every row would be right.", "below 3"),
        ({"metric": "recall_at_k", "target": "y"}, "k", "is missing.", "like k: 5."),
        ({"metric": "lrap", "target": "y"}, "target", "is no list of columns.", "a column for each label."),
        ({"metric": "lrap"}, "target", "is missing.", "holds the answer"),
        ({"metric": "lrap", "target": ["a"]}, "target", "is a list of 1.", "a column for each label."),
        (TAGS | {"target": ["a"]}, "target", "is a list of 1.", "for one label its column, without a list"),
        ({"metric": "hamming_loss", "target": 1}, "target", "1 is no name of a column.", "holds the answer"),
        (TAGS | {"target": ["a", "a"]}, "target", "names a column twice.", "a column for each label."),
        (TAGS | {"target": ["a", 1]}, "target[1]", "1 is no name of a column.", "of one label"),
        (TAGS | {"target": ["a", "id"]}, "target", "'id' is the column of ids.", "another"),
        (TAGS | {"prediction": "p"}, "prediction", "names 1 of 2 columns.", "in the same order"),
        (TAGS | {"prediction": ["p", "q", "r"]}, "prediction", "names 3 of 2 columns.", "in the same order"),
        (TAGS | {"metric": "mean_roc_auc", "one_class": "keep"}, "one_class", "'keep' is not one of", "skip"),
        (F_BETA | {"beta": 0}, "beta", "0 is not a number above 0", "beta: 2"),
        (F_BETA | {"beta": True}, "beta", "True is not a number above 0", "quote them"),
        (F_BETA | {"average": "mean"}, "average", "'mean' is not one of macro, micro", "macro"),
        (F_BETA | {"average": ["macro"]}, "average", "['macro'] is not one of", "macro"),
        (F_BETA | {"positive": 1}, "positive", "the average is not binary.", "Add average: binary"),
        ({"metric": "ndcg", "target": "y"}, "group", "is missing.", "names the query"),
        ({"metric": "ndcg", "target": "y", "group": "q", "k": 0}, "k", "0 is not a whole number", "k: 10"),
        ({"metric": "map", "target": "y", "group": "q", "k": 1.5}, "k", "1.5 is not a whole number", "10"),
        ({"metric": "mrr", "target": "y", "group": "id"}, "group", "is the column of ids.", "another"),
        (AUC | {"positive": True}, "positive", "True is not a text or an integer.", "quote them"),
        (AUC | {"labels": ["a"]}, "labels", "['a'] is not a list of at least two", "[cat, dog, fish]"),
        (AUC | {"labels": [1, "1"]}, "labels", "[1, '1'] is not a list of at least two different", "[cat"),
        (AUC | {"labels": ["a", "b"], "positive": "c"}, "positive", "'c' is not among labels.", "a, b"),
        (AUC | {"prediction": ["a", "b"], "labels": [1, 2, 3]}, "labels", "3 labels for 2", "same order"),
        (AUC | {"prediction": ["a", "b"], "positive": 1}, "positive", "beside a column for each", "labels"),
    ],
)
def test_a_wrong_metric_is_told_with_its_place(metric: Any, key: str, problem: str, remedy: str) -> None:
    error = complaint(spec({"metric": "rmse", "target": "y"}, metric))
    assert error.key == f"metrics[1].{key}"
    assert problem in error.problem
    assert remedy in error.remedy


def test_two_metrics_of_one_name_are_refused() -> None:
    error = complaint(spec(MAE, MAE | {"target": "z"}))
    assert (error.key, error.problem) == ("metrics[1].name", "'mae' is the name of another metric too.")


def test_names_and_predictions_have_defaults() -> None:
    (measure,) = parse(spec(MAE)).measures
    assert (measure.name, measure.predictions) == ("mae", ("y",))


def test_a_target_of_several_columns_is_what_is_predicted() -> None:
    parsed = parse(spec(PLACES))
    assert parsed.answer_columns == ["id", "split", "lat", "lon"]
    assert parsed.prediction_columns == ["id", "lat", "lon"]


def test_columns_come_primary_first_with_direction_and_range() -> None:
    found = evaluators.columns(spec(AUC | {"name": "AUC"}, {"metric": "rmse", "target": "y"}))
    assert found == (
        evaluators.ScoreColumn("AUC", "roc_auc", "higher", 0, 1),
        evaluators.ScoreColumn("rmse", "rmse", "lower", 0, None),
    )


def test_columns_of_what_cannot_be_used_are_refused_even_where_it_is_no_json() -> None:
    for metric in ({"metric": "mea", "target": "y"}, {"metric": "f1_macro", "target": date(2026, 1, 1)}):
        with pytest.raises(evaluators.SpecError):
            evaluators.columns(spec(metric))


def test_a_specification_knows_the_columns_of_both_tables() -> None:
    ranked = {"metric": "ndcg", "target": "grade", "prediction": "p", "group": "query", "k": 5}
    several = AUC | {"prediction": ["p", "q"]}
    parsed = parse(spec(MAE, ranked, several, file="predictions.parquet"))
    assert parsed.answer_columns == ["id", "split", "y", "grade", "query"]
    assert parsed.prediction_columns == ["id", "y", "p", "q"]


def test_each_of_several_targets_is_handed_in_under_its_name_unless_the_task_says_otherwise() -> None:
    parsed = parse(spec(TAGS, TAGS | {"name": "renamed", "prediction": ["p", "q"]}))
    assert parsed.answer_columns == ["id", "split", "a", "b"]
    assert parsed.prediction_columns == ["id", "a", "b", "p", "q"]


def test_parameters_reach_the_formula_and_labels_do_not() -> None:
    measure = parse(spec(F_BETA | {"average": "binary", "positive": 1, "labels": [0, 1]})).measures[0]
    assert measure.parameters == {"beta": 2, "average": "binary"}
    assert (measure.labels, measure.positive) == (("0", "1"), "1")
