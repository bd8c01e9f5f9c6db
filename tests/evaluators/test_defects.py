"""Defects of what is handed in: each has its own code, a count and the first few ids."""

from pathlib import Path
from typing import Any

import pytest

from evaluators import REJECTIONS
from leitai.submissions.messages import TEXTS
from tests.evaluators.handed_in import ANSWERS, RIGHT, SCORES, read
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json

LARGE = b"id,y\n" + b"".join(b"%d,%d.5\n" % (number, number) for number in range(40_000))
LARGE_ANSWERS = answers([number + 0.5 for number in range(40_000)], ids=list(range(40_000)))

VALUES = {
    "": "no_values",
    " ": "no_values",
    "nan": "no_values",
    "NaN": "no_values",
    "-nan": "no_values",
    "inf": "non_finite",
    "-Infinity": "non_finite",
    "1e309": "non_finite",
    "True": "truth_values",
    "false": "truth_values",
    "1+2j": "complex_values",
    "(1-2.5e3j)": "complex_values",
    "2j": "complex_values",
    "1,5": "decimal_commas",
    "-,5": "decimal_commas",
    "NA": "not_numeric",
    "null": "not_numeric",
    "0x10": "not_numeric",
    "1_000": "not_numeric",
    "１": "not_numeric",
    "1e": "not_numeric",
    "1 2": "not_numeric",
    "[1]": "not_numeric",
    "=1+1": "not_numeric",
    "j": "not_numeric",
    "1,000,5": "not_numeric",
}


@pytest.mark.parametrize(("value", "code"), VALUES.items())
@pytest.mark.parametrize("name", ["p.csv", "p.jsonl"])
def test_a_value_that_is_no_number_is_told_by_its_kind(
    tmp_path: Path, name: str, value: str, code: str
) -> None:
    rows = [{"id": key, "y": value if key in "34" else key} for key in "1234"]
    path = (write_csv if name == "p.csv" else write_json)(tmp_path / name, rows)
    found = rejected(evaluated(tmp_path, ANSWERS, path))
    assert found == (code, {"column": "y", "count": 2, "examples": ["3", "4"]})


@pytest.mark.parametrize(("value", "code"), VALUES.items())
def test_a_large_table_is_told_the_same(tmp_path: Path, value: str, code: str) -> None:
    """Of which polars parses the numbers while it reads."""
    path = tmp_path / "p.csv"
    path.write_bytes(LARGE.replace(b"\n7,7.5\n", f'\n7,"{value}"\n'.encode()))
    found = rejected(evaluated(tmp_path, LARGE_ANSWERS, path))
    assert found == (code, {"column": "y", "count": 1, "examples": ["7"]})


@pytest.mark.parametrize("value", ["7.5", " 7.5", "7.5 ", "\t7.5\t", "+7.5", "75e-1", "007.5", "7.50"])
def test_a_number_may_be_written_in_any_way_and_with_spaces(tmp_path: Path, value: str) -> None:
    path = tmp_path / "p.csv"
    for quoted in (value, f'"{value}"'):
        path.write_bytes(LARGE.replace(b"\n7,7.5\n", f"\n7,{quoted}\n".encode()))
        assert evaluated(tmp_path, LARGE_ANSWERS, path)["scores"]["private"] == {"mae": 0.0}


def test_numeric_strings_are_numbers_and_minus_zero_is_zero(tmp_path: Path) -> None:
    rows = [{"id": key, "y": str(value)} for key, value in zip("1234", (1, 2, 3, 5), strict=True)]
    assert evaluated(tmp_path, ANSWERS, write_json(tmp_path / "p.jsonl", rows))["scores"] == SCORES
    task = spec({"metric": "roc_auc", "target": "y"}, {"metric": "rmse", "target": "y"})
    said = [{"id": f"r{number}", "y": "-0.0" if number % 2 else "0.0"} for number in range(4)]
    found = evaluated(tmp_path, answers([0, 0, 1, 1]), said, task)["scores"]
    assert found["public"] == found["private"] == {"roc_auc": 0.5, "rmse": 0.5**0.5}


@pytest.mark.parametrize("value", ["1e308", "-1e308", "1e200"])
def test_a_number_too_large_to_be_compared_is_named(tmp_path: Path, value: str) -> None:
    content = RIGHT.replace(b"3,3", f"3,{value}".encode())
    path = tmp_path / "p.csv"
    path.write_bytes(content)
    found = rejected(evaluated(tmp_path, ANSWERS, path, spec({"metric": "rmse", "target": "y"})))
    assert found == ("too_large_values", {"column": "y", "count": 1, "examples": ["3"]})
    ranked = spec({"metric": "roc_auc", "target": "y"})
    said = [{"id": f"r{number}", "y": value} for number in range(4)]
    assert evaluated(tmp_path, answers([0, 0, 1, 1]), said, ranked)["scores"]["public"] == {"roc_auc": 0.5}


IDS = [
    (["1", "2", "3"], "missing_ids", ["4"]),
    (["1", "2", "3", "4", "5", "6"], "extra_ids", ["5", "6"]),
    (["1", "2", "3", "5"], "missing_ids", ["4"]),
    (["1", "2", "3", "4", "4"], "duplicate_ids", ["4"]),
    (["1", "2", "3", "3"], "duplicate_ids", ["3"]),
    (["01", "2", "3", "4"], "rewritten_ids", ["01"]),
    (["1.0", "2.0", "3.0", "4.0"], "rewritten_ids", ["1.0", "2.0", "3.0", "4.0"]),
    (["1", "2", "3", " 4"], "spaced_ids", [" 4"]),
    (["1 ", "2 ", "3", "4"], "spaced_ids", ["1 ", "2 "]),
    (["1", "2", "3", ""], "empty_ids", ["#4"]),
    (["1", "2", "3", " "], "missing_ids", ["4"]),
]


@pytest.mark.parametrize(("ids", "code", "examples"), IDS)
def test_ids_that_do_not_match_are_told_by_what_is_wrong(
    tmp_path: Path, ids: list[str], code: str, examples: list[str]
) -> None:
    found = rejected(evaluated(tmp_path, ANSWERS, [{"id": key, "y": 1} for key in ids]))
    assert found == (code, {"count": len(examples), "examples": examples})


@pytest.mark.parametrize("ids", ["4321", "3142", "1234"])
def test_reordered_ids_are_put_right(tmp_path: Path, ids: str) -> None:
    said = [{"id": key, "y": 5 if key == "4" else key} for key in ids]
    assert evaluated(tmp_path, ANSWERS, said)["scores"] == SCORES


@pytest.mark.parametrize(
    ("said", "code", "params"),
    [
        ([0.5, 0.5, 0.5, 1.5], "not_probability", {"column": "p", "count": 1, "examples": ["r3"]}),
        ([-1e-9, 0.5, 2, 0.5], "not_probability", {"column": "p", "count": 2, "examples": ["r0", "r2"]}),
        ([0.5, "nan", 0.5, 7], "no_values", {"column": "p", "count": 1, "examples": ["r1"]}),
        ([1.0000000001, 0, 1, 0], "not_probability", {"column": "p", "count": 1, "examples": ["r0"]}),
    ],
)
@pytest.mark.parametrize("metric", ["log_loss", "brier"])
def test_a_probability_lies_between_zero_and_one(
    tmp_path: Path, metric: str, said: list[Any], code: str, params: Row
) -> None:
    """A loss of 1.5 would be better than perfect, or nothing at all."""
    task = spec({"metric": metric, "target": "y", "prediction": "p"})
    rows = [{"id": f"r{number}", "p": value} for number, value in enumerate(said)]
    assert rejected(evaluated(tmp_path, answers([1, 0, 1, 0]), rows, task)) == (code, params)


@pytest.mark.parametrize(
    ("said", "code", "params"),
    [
        ([0.7, 0.7], "sum_not_one", {"count": 2, "examples": ["r2", "r3"]}),
        ([0.0, 0.0], "sum_not_one", {"count": 2, "examples": ["r2", "r3"]}),
        ([1.5, -0.5], "not_probability", {"column": "a", "count": 2, "examples": ["r2", "r3"]}),
    ],
)
def test_probabilities_of_classes_sum_to_one(
    tmp_path: Path, said: list[float], code: str, params: Row
) -> None:
    task = spec({"metric": "log_loss", "target": "y", "prediction": ["a", "b"], "labels": ["x", "z"]})
    rows = [{"id": f"r{number}", "a": 0.5, "b": 0.5} for number in range(2)]
    rows += [{"id": f"r{number}", "a": said[0], "b": said[1]} for number in range(2, 4)]
    assert rejected(evaluated(tmp_path, answers(["x", "x", "z", "z"]), rows, task)) == (code, params)


def test_a_label_never_seen_is_named(tmp_path: Path) -> None:
    task = spec({"metric": "f1_macro", "target": "y"})
    rows = [{"id": f"r{number}", "y": label} for number, label in enumerate(["a", "b", "c", "d"])]
    found = rejected(evaluated(tmp_path, answers(["a", "b", "b", "a"]), rows, task))
    assert found == ("unknown_labels", {"column": "y", "count": 2, "examples": ["r2", "r3"]})


@pytest.mark.parametrize(
    ("metric", "said", "score"),
    [
        ("roc_auc", [0.5] * 8, 0.5),
        ("roc_auc", [1, 1, 0, 0, 1, 1, 0, 0], 0.5),
        ("spearman", [1.0] * 8, None),
        ("pearson", [1.0] * 8, None),
        ("mcc", [1] * 8, 0.0),
        ("rmse", [0.5] * 8, 0.5),
    ],
)
def test_constant_and_tied_predictions_have_a_score_or_say_that_they_have_none(
    tmp_path: Path, metric: str, said: list[float], score: float | None
) -> None:
    rows = [{"id": f"r{number}", "y": value} for number, value in enumerate(said)]
    reference = answers([0, 0, 1, 1, 1, 1, 0, 0])
    result = evaluated(tmp_path, reference, rows, spec({"metric": metric, "target": "y"}))
    if score is None:
        assert rejected(result) == ("undefined_score", {"metric": metric})
    else:
        assert result["scores"]["public"] == {metric: score}


def test_empty_predictions_and_tables_without_rows_are_told_apart(tmp_path: Path) -> None:
    found = rejected(read(tmp_path, b"id,y\n1,\n2,\n3,\n4,\n"))
    assert found == ("no_values", {"column": "y", "count": 4, "examples": ["1", "2", "3", "4"]})
    for content in (b"id,y\n", b"id,y", b"", b"id,y\n\n\n"):
        assert rejected(read(tmp_path, content)) == ("no_rows", {})


def test_every_code_has_words_that_use_what_is_known() -> None:
    for code, params in REJECTIONS.items():
        for name in set(params) - {"examples"}:
            assert f"%({name})s" in TEXTS[code], code
