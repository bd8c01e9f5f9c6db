"""Figures beside scores: declared by the task, of public rows alone, whatever way a submission takes."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluators.errors import SpecError
from evaluators.figures.kinds import MOST_FIGURES, checked
from evaluators.figures.making import fitting
from evaluators.several import References, evaluate, read_references
from evaluators.spec.task import parse
from tests.evaluators.test_prepared import Scorer, scorer, unpacked
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv

__all__ = ["scorer", "unpacked"]
LABELS: Row = {"metric": "f1_macro", "target": "y"}
CHANCES: Row = {"metric": "log_loss", "target": "y"}
SCORES: Row = {"metric": "roc_auc", "target": "y"}
NUMBERS: Row = {"metric": "rmse", "target": "y"}
KAPPA: Row = {"metric": "quadratic_weighted_kappa", "target": "y"}
TEXTS: Row = {"metric": "cer", "target": "y"}


def names(task: Any) -> list[tuple[str, str]]:
    return [(of, name) for of, found in parse(task).figures.items() for name in found]


def handed_in(values: Sequence[Any]) -> list[Row]:
    return [{"id": f"r{number}", "y": value} for number, value in enumerate(values)]


def test_without_being_asked_for_nothing_is_shown(tmp_path: Path) -> None:
    for task in (spec(LABELS), spec(LABELS, figures=False)):
        assert "figures" not in evaluated(tmp_path, answers(["a", "b"] * 2), handed_in("abab"), task)


def test_true_shows_all_that_fit_but_single_rows() -> None:
    assert names(spec(LABELS, figures=True)) == [("f1_macro", "confusion"), ("f1_macro", "per_class")]
    curves = [("log_loss", name) for name in ("roc", "pr", "calibration")]
    assert names(spec(CHANCES, figures=True)) == curves
    assert names(spec(NUMBERS, figures=True)) == [("rmse", "residuals")]
    kappa = [("quadratic_weighted_kappa", name) for name in ("confusion", "per_class", "residuals")]
    assert names(spec(KAPPA, figures=True)) == kappa


def test_what_is_compared_twice_is_shown_once_beside_the_first_metric_that_can() -> None:
    accuracy, brier = LABELS | {"metric": "accuracy"}, CHANCES | {"metric": "brier"}
    other = LABELS | {"name": "other", "prediction": "z"}
    task = spec(LABELS, accuracy, other, figures=["confusion"])
    assert names(task) == [("f1_macro", "confusion"), ("other", "confusion")]
    task = spec(SCORES, CHANCES, brier, figures=["roc", "calibration"])
    assert names(task) == [("roc_auc", "roc"), ("log_loss", "calibration")]


@pytest.mark.parametrize(
    ("metric", "figures", "key", "told"),
    [
        (LABELS, "confusion", "figures", "is no list of figures"),
        (LABELS, [], "figures", "is no list of figures"),
        (LABELS, ["confusion", "cake"], "figures[1]", "'cake' is no figure."),
        (LABELS, ["confusion", "confusion"], "figures[1]", "stands there twice"),
        (LABELS, ["roc"], "figures[0]", "made of scores or probabilities"),
        (NUMBERS, ["confusion"], "figures[0]", "fits no metric here"),
        (SCORES, ["calibration"], "figures[0]", "made of probabilities"),
        (NUMBERS | {"target": ["y", "z"]}, ["residuals"], "figures[0]", "fits no metric here"),
        ({"metric": "spearman", "target": "y"}, ["examples"], "figures[0]", "fits no metric here"),
        (TEXTS, True, "figures", "no metric here has any"),
    ],
)
def test_what_cannot_be_shown_is_told_with_a_remedy(metric: Row, figures: Any, key: str, told: str) -> None:
    with pytest.raises(SpecError) as refused:
        parse(spec(metric, figures=figures))
    assert refused.value.key == key
    assert told in str(refused.value)
    assert refused.value.remedy


def test_a_submission_has_no_more_figures_than_can_be_shown() -> None:
    metrics = [LABELS | {"name": str(number), "prediction": f"p{number}"} for number in range(7)]
    assert len(names(spec(*metrics[:6], figures=True))) == MOST_FIGURES
    with pytest.raises(SpecError, match="makes 14 figures"):
        parse(spec(*metrics, figures=True))
    files = {f"{n}.csv": spec(*metrics[n : n + 1], figures=True) for n in range(7)}
    with pytest.raises(SpecError, match="makes 14 figures"):
        parse({"files": files})


LIKELY = [0.9, 0.3, 0.4, 0.6, 0.2, 0.7, 0.8, 0.1]


@pytest.mark.parametrize(
    ("metric", "public", "private", "said", "other"),
    [
        (LABELS, "abca", ["a", "b", "c", "a"], "aabbccaa", ["c", "c", "new", "b"]),
        (KAPPA, [1, 2, 3, 1], [1, 1, 3, 2], [1, 3, 2, 1, 3, 3, 2, 2], [9, 9, 1, 5]),
        (CHANCES, [0, 1, 1, 0], [0, 1, 1, 0], LIKELY, [1, 1, 0, 0]),
        (NUMBERS, [1, 2, 3, 4], [5, 6, 7, 8], LIKELY, [-1e9, 0, 3, 2e9]),
    ],
)
def test_private_rows_change_nothing_that_is_shown(
    tmp_path: Path, metric: Row, public: Any, private: Any, said: Any, other: Any
) -> None:
    wanted = [name for name in ("examples",) if metric is not LABELS]
    named = [name for _, name in names(spec(metric, figures=True))]
    task = spec(metric, figures=[*named, *wanted])

    def shown(hidden: Any, guessed: Any) -> tuple[Any, Any]:
        mixed = [value for pair in zip(public, hidden, strict=True) for value in pair]
        guesses = [value for pair in zip(said[::2], guessed, strict=True) for value in pair]
        result = evaluated(tmp_path, answers(mixed), handed_in(guesses), task)
        assert checked(result["figures"]) == result["figures"]
        return result["figures"], result["scores"]

    (first, scores), (second, others) = shown(private, said[1::2]), shown(other, said[1::2][::-1])
    assert [figure["name"] for figure in first] == [*named, *wanted]
    assert first == second
    assert scores["private"] != others["private"]


@pytest.mark.parametrize(("step", "wanted"), [(1, ["r2", "r4", "r0"]), (-1, ["r4", "r2", "r0"])])
def test_examples_are_named_by_id_in_whatever_order_the_submission_comes(
    tmp_path: Path, step: int, wanted: list[str]
) -> None:
    task = spec(NUMBERS, figures=["examples"])
    rows = handed_in([1, 0, 5, 0, 4, 0])[::step]
    (figure,) = evaluated(tmp_path, answers([0, 0, 0, 0, 9, 0]), rows, task)["figures"]
    assert [key for key, _ in figure["rows"]] == wanted
    assert dict(figure["rows"]) == {"r0": 1, "r2": 5, "r4": 4}


def test_a_submission_that_is_rejected_has_none(tmp_path: Path) -> None:
    result = evaluated(tmp_path, answers("abab"), handed_in("aba"), spec(LABELS, figures=True))
    assert rejected(result)[0] == "missing_ids"


def test_groups_and_what_is_combined_leave_figures_as_they_are(tmp_path: Path) -> None:
    reference = answers("abbaabba", g=list("nnsnssnn"))
    said = handed_in("aabbabab")
    plain = evaluated(tmp_path, reference, said, spec(LABELS, figures=True))["figures"]
    grouped = LABELS | {"by": "g", "over": "worst"}
    twice = {"combine": "mean", "name": "both", "of": ["f1_macro"]}
    assert evaluated(tmp_path, reference, said, spec(twice, grouped, figures=True))["figures"] == plain


def test_of_several_files_each_has_its_own(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    write_csv(hidden / "kinds.csv", answers("abab"))
    write_csv(hidden / "sizes.csv", answers([1, 2, 3, 4]))
    task = {
        "files": {
            "kinds.csv": spec(LABELS, figures=["confusion"]),
            "sizes.csv": spec(NUMBERS, figures=True),
        },
    }
    handed = tmp_path / "in"
    handed.mkdir()
    write_csv(handed / "kinds.csv", handed_in("abba"))
    write_csv(handed / "sizes.csv", handed_in([1, 2, 3, 5]))
    packed = pack(handed)
    parsed = parse(task)
    references = read_references(parsed, hidden)
    assert isinstance(references, References)
    figures = evaluate(parsed, references, packed, {})["figures"]
    assert [(figure["of"], figure["name"]) for figure in figures] == [
        ("f1_macro", "confusion"),
        ("rmse", "residuals"),
    ]
    assert figures[0]["counts"] == [[1, 1], [0, 0]]


def pack(folder: Path) -> Path:
    place = folder.with_suffix(".zip")
    with zipfile.ZipFile(place, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    return place


def test_a_fork_of_a_prepared_process_draws_what_reading_anew_would_and_imports_nothing(
    scorer: Scorer, tmp_path: Path
) -> None:
    kinds, likely = LABELS | {"target": "k"}, CHANCES | {"target": "c"}
    figures = ["confusion", "per_class", "roc", "pr", "calibration", "residuals", "examples"]
    columns: dict[str, list[Any]] = {"k": list("abcab") * 12, "c": [0, 1, 1, 0, 1] * 12}
    scorer.task(spec(kinds, likely, NUMBERS, figures=figures), answers(range(60), **columns))
    rows = [
        {"id": f"r{number}", "y": number + number % 3, "k": "abc"[number % 3], "c": number / 60}
        for number in range(60)
    ]
    submission = write_csv(tmp_path / "p.csv", rows)
    assert scorer.warm([submission])["ends"] == [0]
    assert scorer.cold(submission) == (0, "", scorer.result(submission).read_bytes())
    shown = json.loads(scorer.result(submission).read_bytes())["figures"]
    assert len(shown) == len(figures) + 1
    assert [name for name in scorer.seen(submission)["imported"] if name.startswith("evaluators")] == []


def test_of_too_much_the_first_ones_are_shown() -> None:
    table = {"kind": "table", "name": "t", "columns": ["a"], "rows": [["x" * 200]] * 200}
    figures = [{**table, "name": str(number)} for number in range(7)]
    assert fitting(figures) == figures[:4]
    assert checked(fitting(figures)) == figures[:4]
