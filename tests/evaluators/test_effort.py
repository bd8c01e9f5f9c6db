"""What a table of texts may ask for letter by letter; what asks for more is rejected before the work."""

from pathlib import Path
from typing import Any

import pytest

from evaluators.formulas import effort
from tests.evaluators.test_texts import said, task
from tests.evaluators.trial import answers, evaluated, rejected, spec, write_csv

TOO_MUCH = ("too_much_work", {"metric": "score"})
EACH = ["exact_match", "token_f1", "rouge_1", "rouge_2", "rouge_l", "bleu", "chrf", "wer", "cer", "mer"]


def test_a_file_of_the_largest_size_is_rejected_before_a_minute_is_spent_on_it(tmp_path: Path) -> None:
    rows = 2_000
    submission = write_csv(tmp_path / "p.csv", said(*["ab cd " * 1_600] * rows))
    known = answers(["the cat sat on the mat"] * rows)
    assert rejected(evaluated(tmp_path, known, submission, task("chrf"))) == TOO_MUCH


@pytest.mark.parametrize("metric", EACH)
def test_letters_beyond_a_few_times_those_of_the_answers_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    monkeypatch.setattr(effort, "MOST_TIME", 2_000)
    short, long = answers(["an answer"] * 8), answers(["an answer " * 120] * 8)
    guess = said(*["some text " * 150] * 8)
    assert rejected(evaluated(tmp_path, short, guess, task(metric))) == TOO_MUCH
    assert "scores" in evaluated(tmp_path, long, guess, task(metric))
    assert "scores" in evaluated(tmp_path, short, said(*["a text"] * 8), task(metric))


def test_texts_without_answers_are_held_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "MOST_TIME", 2_000)
    chosen = spec({"metric": "distinct_n", "name": "score", "prediction": "p"})
    guess = said(*["some text " * 150] * 8, column="p")
    assert rejected(evaluated(tmp_path, answers(range(8)), guess, chosen)) == TOO_MUCH


@pytest.mark.parametrize(
    ("metric", "most", "cheap", "dear"),
    [
        ("chrf", 3_000, {"order": 2}, {"order": 6, "word_order": 2}),
        ("bleu", 9_000, {"order": 1}, {"order": 10}),
        ("wer", 9_000, {"tokenize": "char"}, {"tokenize": "jieba"}),
    ],
)
def test_what_takes_longer_for_a_letter_has_fewer_of_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    metric: str,
    most: int,
    cheap: dict[str, Any],
    dear: dict[str, Any],
) -> None:
    monkeypatch.setattr(effort, "MOST_TIME", most)
    known, guess = answers(["an answer"] * 4), said(*["天下" * 250] * 4)
    assert "scores" in evaluated(tmp_path, known, guess, task(metric, **cheap))
    assert rejected(evaluated(tmp_path, known, guess, task(metric, **dear))) == TOO_MUCH


@pytest.mark.parametrize("metric", ["rouge_1", "edit_distance"])
def test_a_letter_that_stands_for_many_counts_as_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    monkeypatch.setattr(effort, "MOST_TIME", 9_000)
    known, guess = answers(["an answer"] * 4), said(*["\ufdfa" * 500] * 4)
    assert "scores" in evaluated(tmp_path, known, guess, task(metric))
    assert rejected(evaluated(tmp_path, known, guess, task(metric, normalize="plain"))) == TOO_MUCH


def test_edits_that_are_told_one_by_one_count_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "MOST_PAIRS", 30_000)
    known, guess = answers(["an answer"] * 4), said(*["a text so " * 100] * 4)  # 2 · 9 · 1000 in a split
    assert "scores" in evaluated(tmp_path, known, guess, task("wer"))
    assert rejected(evaluated(tmp_path, known, guess, task("mer"))) == TOO_MUCH


def test_pairs_are_counted_of_what_is_made_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "MOST_PAIRS", 100_000)
    known, guess = answers(["an answer"] * 4), said(*["\ufdfa" * 500] * 4)
    assert "scores" in evaluated(tmp_path, known, guess, task("cer"))
    assert rejected(evaluated(tmp_path, known, guess, task("cer", normalize="plain"))) == TOO_MUCH
