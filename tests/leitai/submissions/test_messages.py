"""Every verdict in words that tell what to mend."""

import re

import pytest

import evaluators
from leitai.submissions import messages
from sandbox.job import Verdict

VERDICTS = {verdict.value for verdict in Verdict} - {"ok"}
PARAMS = {
    **{code: dict.fromkeys(names, 7) for code, names in evaluators.REJECTIONS.items()},
    "missing_output": {"file": "predictions.csv"},
    "runtime_error": {"exit_code": 1, "signal": None},
    "time_limit": {"wall_s": 60.0, "cpu_s": 120.0},
    "memory_limit": {"memory_bytes": 2_000_000_000},
    "output_limit": {"output_bytes": 50_000_000},
    "invalid_output": {"detail": "link.csv is a link."},
    "refused_archive": {"detail": "../x leads out of the archive."},
}


def test_every_verdict_and_every_rejection_has_its_words() -> None:
    wanted = VERDICTS | set(evaluators.REJECTIONS) | {"missing_output"}
    assert wanted == {name.partition("/")[0] for name in messages.TEXTS}


@pytest.mark.parametrize("code", sorted(PARAMS))
def test_each_text_uses_what_is_known_and_says_what_to_do(code: str) -> None:
    text = messages.text(code, PARAMS[code])
    assert "–" not in text, "a parameter of the text is not given"
    assert "%" not in text
    assert len(re.findall(r"[.:](?: |$)", text)) >= 2, "it says what is wrong and what to do"


@pytest.mark.parametrize("code", sorted(evaluators.REJECTIONS))
def test_a_rejections_params_all_stand_in_its_text(code: str) -> None:
    asked = set(re.findall(r"%\((\w+)\)s", messages.TEXTS[code]))
    assert asked == set(evaluators.REJECTIONS[code])


def test_amounts_are_written_with_their_units() -> None:
    assert "2.0 GB" in messages.text("memory_limit", PARAMS["memory_limit"])
    assert "1 min" not in messages.text("time_limit", {"wall_s": 60.0, "cpu_s": 61.0})
    assert "60.0 s" in messages.text("time_limit", {"wall_s": 60.0, "cpu_s": 61.0})


def test_a_program_that_crashed_is_told_the_signal() -> None:
    assert "signal 11" in messages.text("runtime_error", {"exit_code": None, "signal": 11})


def test_what_a_program_wrote_stays_short_on_one_line_and_steers_nothing() -> None:
    hostile = ["\x1b[31m<script>\u202e\n" + "x" * 500] * 40
    text = messages.text("missing_ids", {"count": 40, "examples": hostile})
    assert len(text) < 1200
    assert not re.search("[\x00-\x1f\u202e]", text)
    assert text.count("<script>") == messages.MOST


def test_nothing_is_said_without_a_code_and_an_unknown_one_says_whom_to_ask() -> None:
    assert messages.text("", {}) == ""
    assert "organizers" in messages.text("from_a_newer_version", {})


def test_a_param_that_is_not_there_breaks_nothing() -> None:
    assert "–" in messages.text("missing_columns", {"columns": ["a"]})
