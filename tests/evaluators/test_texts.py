"""Tasks of texts, tags and samples from file to score; what is too long, and several references."""

import json
import math
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jieba
import pytest

import evaluators
from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.formulas import effort, shifts
from evaluators.formulas.texts import segmenter, tokens
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json

LINES = ["Die Katze sitzt auf der Matte.", "我来到北京清华大学", 'He said "no", twice', "a\nb"]
Writer = Callable[[Path, Iterable[Row]], Path]


def said(*texts: Any, column: str = "y") -> list[Row]:
    return [{"id": f"r{number}", column: text} for number, text in enumerate(texts)]


def task(metric: str, **more: Any) -> Row:
    return spec({"metric": metric, "name": "score", "target": "y"} | more)


def scores(result: dict[str, Any]) -> tuple[float, float]:
    assert "scores" in result, result
    return result["scores"]["public"]["score"], result["scores"]["private"]["score"]


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_texts_are_the_same_from_either_format(tmp_path: Path, name: str, write: Writer) -> None:
    names = ["exact_match", "bleu", "chrf", "ter", "rouge_l", "wer", "cer", "edit_distance"]
    metrics = [
        {"metric": "bleu", "target": "y", "tokenize": "zh"}
        if metric == "bleu"
        else {"metric": metric, "target": "y"}
        for metric in names
    ]
    submission = write(tmp_path / name, said("Die Katze sitzt.", "我来到北京清华大学", *LINES[2:]))
    result = evaluated(tmp_path, answers(LINES), submission, spec(*metrics))
    assert result["scores"]["private"] == pytest.approx(
        dict(zip(names, (1, 100, 100, 0, 0.5, 0, 0, 0), strict=True)), abs=1e-9
    )
    public = result["scores"]["public"]
    assert (public["exact_match"], public["edit_distance"]) == (0.5, 7)
    assert public["wer"] == pytest.approx(4 / 10)
    assert public["ter"] == pytest.approx(40)
    shares = 11 / 11 * 8 / 9 * 6 / 7 * 4 / 5
    assert public["bleu"] == pytest.approx(100 * math.exp(1 - 14 / 11) * shares**0.25)
    assert set(result["versions"]) == {"python", "numpy", "polars", "rapidfuzz", "sacrebleu"}


def test_the_version_of_what_cuts_words_belongs_to_the_score(tmp_path: Path) -> None:
    known = answers(["我来到北京清华大学"] * 2)
    result = evaluated(tmp_path, known, said("我来到北京", "我来到北京"), task("rouge_1", tokenize="jieba"))
    assert scores(result) == pytest.approx((6 / 7, 6 / 7))
    assert result["versions"]["jieba"] == "0.42.1"


def test_chinese_is_cut_as_jieba_cuts_it_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "ours"))
    (tmp_path / "ours").mkdir()
    segmenter.cache_clear()
    sentences = [
        "他来到了网易杭研大厦",
        "小明硕士毕业于中国科学院计算所,后在日本京都大学深造",
        "用 Python 3 写 擂台。",
        "",
    ]
    found = [tokens(sentence, "jieba") for sentence in sentences]
    assert list((tmp_path / "ours").iterdir()) == []
    monkeypatch.setattr(jieba.dt, "tmp_dir", str(tmp_path))
    assert found == [[word for word in jieba.lcut(sentence) if word.strip()] for sentence in sentences]
    assert found[0] == ["他", "来到", "了", "网易", "杭研", "大厦"]


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize(
    ("metric", "expected"),
    [("exact_match", 0), ("token_f1", 0), ("bleu", 0), ("ter", 100), ("wer", 1), ("edit_distance", 3)],
)
def test_what_is_missing_is_an_empty_text(tmp_path: Path, metric: str, expected: float, nothing: Any) -> None:
    submission = write_json(tmp_path / "p.jsonl", said(nothing, "cat"))
    result = evaluated(tmp_path, answers(["cat", "cat"]), submission, task(metric))
    assert scores(result)[0] == expected


def test_rows_may_have_different_numbers_of_references(tmp_path: Path) -> None:
    known = answers(["a cat", "one two three four", "so it is", "x"], z=["the cat", "", "that is so", "y"])
    guess = [row | {"p": row.pop("y")} for row in said("cat", "one two three four", "so that is it", "y")]
    names = ("exact_match", "rouge_1", "bleu", "chrf", "ter")
    both = [{"metric": name, "target": ["y", "z"], "prediction": "p"} for name in names]
    private = evaluated(tmp_path, known, guess, spec(*both))["scores"]["private"]
    assert private == {name: {"ter": 0}.get(name, 100 if name in ("bleu", "chrf") else 1) for name in names}


def test_a_row_without_any_reference_is_the_organizers_to_mend(tmp_path: Path) -> None:
    known = answers(["a", "", "", "d"], z=["", "b", "", "e"])
    both = spec({"metric": "bleu", "target": ["y", "z"], "prediction": "p"})
    with pytest.raises(ReferenceTrouble, match="1 rows have no reference in the columns y, z"):
        evaluated(tmp_path, known, said(*"abcd", column="p"), both)
    with pytest.raises(ReferenceTrouble, match="the column y is empty in 2 rows"):
        evaluated(tmp_path, known, said(*"abcd"), task("bleu"))


def test_several_references_need_one_prediction_and_others_one_each() -> None:
    with pytest.raises(SpecError, match="the column of the submission"):
        evaluators.validate(task("bleu", target=["y", "z"]))
    with pytest.raises(SpecError, match="takes one column"):
        evaluators.validate(task("bleu", target=["y", "z"], prediction=["p", "q"]))
    evaluators.validate(task("wer", target=["y", "z"], prediction=["p", "q"]))
    with pytest.raises(SpecError, match="target: is not a known key"):
        evaluators.validate(task("distinct_n", prediction="p"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [("tokenize", "spm"), ("normalize", "squad"), ("order", 11), ("longest", 100_001), ("smoothing", "no")],
)
def test_a_setting_that_is_none_is_told(setting: str, value: Any) -> None:
    with pytest.raises(SpecError, match=rf"{setting}: .* is not "):
        evaluators.validate(task("bleu", **{setting: value}))


def test_predictions_alone_are_counted_in_both_splits(tmp_path: Path) -> None:
    metric = {"metric": "distinct_n", "name": "score", "prediction": "p", "order": 1}
    guess = said("a b", "a", "a c", "a", column="p")
    assert scores(evaluated(tmp_path, answers([1, 2, 3, 4]), guess, spec(metric))) == (0.75, 0.5)


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_texts_that_are_too_long_are_rejected_before_any_work(
    tmp_path: Path, name: str, write: Writer
) -> None:
    submission = write(tmp_path / name, said("x " * 40_000, "fine", "字" * 10_001, "y" * 10_000))
    for metric in ("wer", "rouge_2", "chrf", "distinct_n"):
        chosen = task(metric) if metric != "distinct_n" else spec({"metric": metric, "prediction": "y"})
        result = evaluated(tmp_path, answers(LINES), submission, chosen)
        assert rejected(result) == ("too_long", {"column": "y", "count": 2, "examples": ["r0", "r2"]})
    assert rejected(evaluated(tmp_path, answers(LINES), submission, task("ter")))[1]["count"] == 3
    assert scores(evaluated(tmp_path, answers(LINES), submission, task("cer", longest=100_000)))[1] > 500


def test_references_are_held_to_the_same_length(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="more than 20 characters; raise `longest` of score"):
        evaluated(tmp_path, answers(LINES), said(*LINES), task("wer", longest=20))


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("edit_distance", "ab" * 5_000),
        ("mer", "a b " * 2_500),
        ("rouge_l", "a b " * 2_500),
        ("chrf", "ab" * 5_000),
        ("ter", "a " * 500),
        ("ter", "".join(f"{number} " for number in range(10)) * 50),
        ("entity_f1", "I-a " * 2_500),
    ],
)
def test_the_longest_texts_are_compared_soon(tmp_path: Path, metric: str, text: str) -> None:
    known = text[::-1] if metric != "entity_f1" else "B-a " * 2_500
    began = time.process_time()
    result = evaluated(tmp_path, answers([known] * 4), said(*[text] * 4), task(metric))
    assert "scores" in result
    assert time.process_time() - began < 20


WORDS = [str(number * number % 211) for number in range(500)]
# Of what costs most: each two words stand the wrong way round.
SWAPPED = [WORDS[place + (place % 7 == 0) - (place % 7 == 1)] for place in range(499)]


def test_a_table_of_words_that_are_all_misplaced_is_rejected_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "MOST_STEPS", 100_000_000)
    hostile, known = " ".join(SWAPPED)[:1000], " ".join(WORDS)[:1000]
    result = evaluated(tmp_path, answers([known] * 100), said(*[hostile] * 100), task("ter"))
    assert rejected(result) == ("too_much_work", {"metric": "score"})
    plain = "the cat sat on the mat and looked at the dog " * 10
    honest = said(*[plain.replace("cat", "bird")] * 100)
    assert scores(evaluated(tmp_path, answers([plain] * 100), honest, task("ter")))[0] > 0


def test_what_words_cost_is_counted_so_that_a_table_stays_below_the_time_of_the_scorer() -> None:
    for text in (SWAPPED, WORDS[10:] + WORDS[:10], sorted(WORDS)):
        began, left = time.process_time(), effort.Effort()
        shifts.edits(text, WORDS, left)
        share = (effort.MOST_STEPS - left.left) / effort.MOST_STEPS
        assert (time.process_time() - began) / share < 280


@pytest.mark.parametrize("metric", sorted(effort.QUADRATIC))
def test_texts_far_longer_than_their_answers_are_rejected_where_all_is_compared_with_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    monkeypatch.setattr(effort, "MOST_PAIRS", 100_000)
    known = answers(["some words of an answer"] * 8)
    found = evaluated(tmp_path, known, said(*["x " * 4_000] * 8), task(metric))
    assert rejected(found) == ("too_much_work", {"metric": "score"})
    assert "scores" in evaluated(tmp_path, known, said(*["x " * 8] * 8), task(metric))
    long = answers(["some words of an answer " * 20] * 8)
    assert "scores" in evaluated(tmp_path, long, said(*["other words of an answer " * 20] * 8), task(metric))


TAGGED = ["B-PER I-PER O", "O B-LOC", "O", "S-ORG"]


def test_tags_are_scored_from_cells(tmp_path: Path) -> None:
    guess = said("B-PER  I-PER O", "O B-PER", "B-PER", "S-ORG")
    for name, write in (("p.csv", write_csv), ("p.jsonl", write_json)):
        result = evaluated(tmp_path, answers(TAGGED), write(tmp_path / name, guess), task("entity_f1"))
        assert scores(result) == pytest.approx((2 / 3, 0.5))


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ("B-PER I-PER", "uneven_tags"),
        ("", "uneven_tags"),
        (None, "uneven_tags"),
        ("B-PER PER O", "unknown_labels"),
        ("b-per i-per o", "unknown_labels"),
    ],
)
def test_tags_that_do_not_fit_are_told_by_id(tmp_path: Path, tags: Any, code: str) -> None:
    """In another order, so that ids and not places are told."""
    guess = write_json(tmp_path / "p.jsonl", reversed(said(tags, *TAGGED[1:])))
    result = evaluated(tmp_path, answers(TAGGED), guess, task("entity_f1"))
    assert rejected(result) == (code, {"column": "y", "count": 1, "examples": ["r0"]})
    assert "LOC" not in json.dumps(result)


def test_tags_of_another_scheme_are_no_tags(tmp_path: Path) -> None:
    guess = said("B-PER E-PER O", *TAGGED[1:])
    with pytest.raises(ReferenceTrouble, match="no tag; write O, B-type, I-type"):
        evaluated(tmp_path, answers(TAGGED), guess, task("entity_f1", scheme="BIO"))


def test_samples_pass_by_the_answer_of_their_problem(tmp_path: Path) -> None:
    known = answers([7, 7, 7, 7, 9, 9, 9, 9], problem=["a"] * 4 + ["b"] * 4)
    guess = said("7.0", 8, "07", "", 9, "none", "", "")
    chosen = task("pass_at_k", group="problem", k=1)
    assert scores(evaluated(tmp_path, known, guess, chosen)) == pytest.approx((0.75, 0))
    with pytest.raises(ReferenceTrouble, match="fewer than 3 samples"):
        evaluated(tmp_path, known, guess, task("pass_at_k", group="problem", k=3))
