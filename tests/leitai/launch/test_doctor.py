"""`leitai sandbox doctor`: each point in words, at 80 columns, with its exit code."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from leitai.cli import leitai
from leitai.launch import doctor
from leitai.launch.doctor_words import WORDS
from sandbox.job import SandboxUnavailable
from sandbox.posture import Asked, Facts, posture

LACKING = Facts({"ServerVersion": "19.03", "SecurityOptions": []}, Asked("tcp://10.0.0.5:2375"))
ASK = ("sandbox", "doctor")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[[Facts], None]:
    """Makes the examination find something."""

    def find(facts: Facts) -> None:
        monkeypatch.setattr(doctor, "examine", lambda *_: (facts, "the image is not there"))

    return find


def ask(*more: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(leitai, [*ASK, *more])


def test_every_point_has_its_words() -> None:
    assert {point.name for point in posture(LACKING)} == set(WORDS)


def test_what_is_missing_is_said_with_its_cost_and_its_remedy(found: Callable[[Facts], None]) -> None:
    found(LACKING)
    result = ask()
    assert result.exit_code == 1
    text = " ".join(result.output.split())
    for name in ("engine", "seccomp", "access", "memory", "processes"):
        assert WORDS[name].cost in text
        assert WORDS[name].remedy in text
    assert "No container could be looked into: the image is not there" in text
    assert "Do not run submissions of strangers here." in text


def test_the_table_fits_a_terminal_of_80_columns(found: Callable[[Facts], None]) -> None:
    found(LACKING)
    lines = ask().output.splitlines()
    assert max(len(line) for line in lines if not line.startswith("No container")) <= 80


def test_what_a_program_reads_is_json(found: Callable[[Facts], None]) -> None:
    found(LACKING)
    result = ask("--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["serious"], told["trouble"]) == (1, True, "the image is not there")
    rows = {row["name"]: row for row in told["points"]}
    assert set(rows) == set(WORDS)
    assert rows["access"]["grade"] == "serious"
    assert rows["access"]["remedy"] == WORDS["access"].remedy
    assert rows["experimental"] == {
        "name": "experimental", "grade": "good", "found": "off", "cost": "", "remedy": "",
    }  # fmt: skip


def test_no_engine_is_an_error_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise SandboxUnavailable("connection refused")

    monkeypatch.setattr(doctor, "examine", none)
    monkeypatch.setattr(doctor, "address", lambda _: "tcp://10.0.0.5:2375")
    result = ask()
    assert result.exit_code == 3
    assert "No Docker engine answers at tcp://10.0.0.5:2375" in result.output


@pytest.mark.engine
def test_the_real_engine_has_nothing_serious() -> None:
    result = ask()
    assert result.exit_code == 0, result.output
    assert "our profile, seen in force" in result.output
