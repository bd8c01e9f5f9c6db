"""Figures that come with scores: read with distrust, kept with their run, replaced by those of the next."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect, select

from leitai import db
from leitai.scoring import service
from leitai.scoring.verdicts import figures, read_verdict
from leitai.scoring.work import Claim, Result
from leitai.settings import Settings
from leitai.submissions import service as submissions
from leitai.submissions.models import Run, State, Submission
from tests.leitai.factories import make_competition, make_person, make_phase, make_submission, make_task
from tests.leitai.scoring.conftest import make_scorer
from tests.leitai.scoring.doubles import ToldSandbox

MATRIX = {
    "kind": "matrix",
    "name": "confusion",
    "labels": ["a", "b"],
    "counts": [[3, 1], [0, 2]],
    "others": False,
}
TABLE = {"kind": "table", "name": "own", "columns": ["what"], "rows": [["this"]]}
SCORES = {"scores": {"public": {"rmse": 1, "mae": 2}, "private": {"rmse": 3, "mae": 4}}}


def scored(*shown: dict[str, Any]) -> Result:
    return Result(
        "scored", public={"rmse": 2.0, "mae": 1.0}, private={"rmse": 3.0, "mae": 1.5}, figures=shown
    )


def claimed() -> Claim:
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60)
        assert claim
        return claim


def recorded(result: Result) -> int:
    claim = claimed()
    with db.transaction() as session:
        assert service.record(session, claim, result)
    return claim.run_id


def kept(number: int) -> list[dict[str, Any]]:
    with db.reading() as session:
        return session.get_one(Run, number).figures


def wait(**values: Any) -> int:
    with db.transaction() as session:
        return make_submission(session, make_phase(session), **values).id


def again(number: int) -> None:
    with db.transaction() as session:
        submissions.requeue(session, session.get_one(Submission, number))


def read(path: Path, given: Any) -> tuple[tuple[dict[str, Any], ...], str]:
    path.write_text(json.dumps(SCORES | given))
    return figures(read_verdict(path))


def test_figures_are_taken_in_their_form_and_none_are_no_trouble(tmp_path: Path) -> None:
    assert read(tmp_path / "scores.json", {"figures": [MATRIX, TABLE]}) == ((MATRIX, TABLE), "")
    assert read(tmp_path / "scores.json", {}) == ((), "")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([{**MATRIX, "counts": [[3, 1]]}], "figures[0].counts has 1 entries; it may have 2."),
        ([TABLE, {**TABLE, "name": "\u202eown"}], "figures[1].name has characters that cannot be printed."),
        ([{**TABLE, "script": "x"}], "figures[0] has a key 'script'"),
        ({"a": 1}, "figures is no list."),
        (None, "figures is no list."),
    ],
)
def test_what_cannot_be_shown_is_left_out_with_a_word_for_the_organizer(
    tmp_path: Path, wrong: Any, told: str
) -> None:
    found, said = read(tmp_path / "scores.json", {"figures": wrong})
    assert found == ()
    assert said.startswith(f"The figures were left out. {told}")


@pytest.mark.parametrize(("given", "left"), [([MATRIX], [MATRIX]), ([{"kind": "cake"}], [])])
def test_a_run_is_scored_whatever_its_figures_are_and_keeps_the_usable_ones(
    database: Settings, waits: Callable[[], int], given: list[dict[str, Any]], left: list[dict[str, Any]]
) -> None:
    number = waits()
    verdict = json.dumps({**SCORES, "figures": given, "notes": ["Left out: x."]}).encode()
    make_scorer(database, ToldSandbox(verdict=verdict)).score_next()
    with db.reading() as session:
        row = session.get_one(Submission, number)
        assert row.state == State.SCORED
        assert row.run is not None
        assert row.run.figures == left
        assert len(row.run.scores) == 2
        detail = row.run.stages[-1]["detail"]
    assert detail.startswith("Left out: x.")
    assert ("The figures were left out. figures[0].kind is none of" in detail) == (not left)


def test_figures_are_recorded_in_the_update_that_is_there_and_read_only_when_asked_for(
    both_databases: Settings,
) -> None:
    def statements(result: Result) -> int:
        wait()
        claim, found = claimed(), []
        with db.transaction() as session:
            note = lambda *given: found.append(given[2])  # noqa: E731 listeners are taken away by name
            event.listen(db.engine(), "before_cursor_execute", note)
            assert service.record(session, claim, result)
        event.remove(db.engine(), "before_cursor_execute", note)
        return len(found)

    assert statements(scored(MATRIX, TABLE)) == statements(scored())
    with db.reading() as session:
        for run in session.scalars(select(Run)):
            assert "figures" in inspect(run).unloaded


def test_a_rescore_replaces_figures_and_one_that_gives_none_leaves_none(both_databases: Settings) -> None:
    number = wait()
    first = recorded(scored(MATRIX))
    again(number)
    second = recorded(scored(TABLE))
    assert (kept(first), kept(second)) == ([MATRIX], [TABLE])
    again(number)
    third = recorded(Result("rejected", code="no_rows"))
    assert kept(third) == []
    with db.reading() as session:
        assert session.get_one(Submission, number).run_id == third


def test_a_cancelled_run_keeps_no_figures(both_databases: Settings) -> None:
    with db.transaction() as session:
        organizer = make_person(session)
        task = make_task(session, make_competition(session, organizers=(organizer,)))
        number = make_submission(session, make_phase(session, task)).id
    claim = claimed()
    with db.transaction() as session:
        # Cancelled by the submission alone, as when both come at the same moment.
        session.get_one(Submission, number).state = State.CANCELLED
    with db.transaction() as session:
        assert not service.record(session, claim, scored(MATRIX))
    assert kept(claim.run_id) == []
