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
    "output_limit": {"output_bytes": 50_000_000, "output_files": 1000},
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
    asked |= {"examples"} & set(evaluators.REJECTIONS[code])
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
    assert "–" in messages.text("unknown_labels", {"column": "label"})


def test_examples_come_last_and_only_where_they_are_known() -> None:
    params = {"column": "value", "count": 2}
    assert messages.text("not_numeric", params | {"examples": ["a", "b"]}).endswith("For example: a, b.")
    assert "example" not in messages.text("not_numeric", params)
    assert "100%" in messages.text("extra_ids", {"count": 1, "examples": ["100%(x)s"]})


def test_an_error_is_named_or_not_and_then_no_output_is_promised() -> None:
    params = {"exit_code": 1, "signal": None}
    assert "The end of its output says where" in messages.text("runtime_error", params)
    named = messages.text("runtime_error", params | {"error": "ValueError"})
    assert named.startswith("Your program ended with ValueError (exit code 1). Its output is kept back")
    assert "an error of its own (exit code 1)" in messages.text("runtime_error", params | {"error": ""})
    assert "signal 9" in messages.text("runtime_error", {"exit_code": None, "signal": 9, "error": ""})


@pytest.mark.parametrize("code", ["invalid_output", "unreadable", "missing_columns"])
def test_where_the_programs_words_are_kept_back_the_text_does_without(code: str) -> None:
    text = messages.text(code, {"columns": ["a"]} if code == "missing_columns" else {})
    assert "–" not in text
    assert text != messages.text(code, PARAMS[code])


def test_what_an_older_portal_kept_still_has_its_words() -> None:
    assert "50.0 MB" in messages.text("output_limit", {"output_bytes": 50_000_000})


def test_of_several_tables_the_one_that_is_meant_stands_first() -> None:
    params = {"file": "boxes.csv", "count": 1, "examples": ["a"]}
    assert messages.text("missing_ids", params).startswith("boxes.csv: ")
    assert not messages.text("missing_output", {"file": "boxes.csv"}).startswith("boxes.csv: ")
    assert not messages.text("missing_file", {"file": "boxes.csv"}).startswith("boxes.csv: ")
