"""What of its program's words a team may see: by the phase's policy, within its budget, and no more."""

import threading
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from leitai import db
from leitai.competitions.models import Kind, Phase, Task
from leitai.scoring import service
from leitai.scoring.work import Claim, Output, Result
from leitai.settings import Settings
from leitai.submissions import service as submissions
from leitai.submissions.detail import detail_of
from leitai.submissions.models import Run, Submission
from leitai.submissions.viewing import Sight
from leitai.teams.models import Team
from tests.leitai.factories import EVALUATION, make_phase, make_submission, make_task, make_team

SECRET = "hidden row 17"
STDERR = f'{SECRET}\nTraceback (most recent call last):\n  File "predict.py", line 1\nValueError: {SECRET}'
OUTPUT = Output(f"printed {SECRET}", STDERR)
SCORED = Result("scored", output=OUTPUT, public={"rmse": 1.0, "mae": 1.0}, private={"rmse": 1.0, "mae": 1.0})


def rejected(code: str = "runtime_error", **params: Any) -> Result:
    given = {"exit_code": 1, "signal": None} if code == "runtime_error" else params
    return Result("rejected", code=code, params=given, output=OUTPUT)


class Place(NamedTuple):
    """Where a team submits."""

    task: int
    phase: int
    team: int


def make_place(logs: str, budget: int = 1_000_000, kind: str = Kind.CODE) -> Place:
    with db.transaction() as session:
        evaluation = EVALUATION | ({"file": "predictions.csv"} if kind == Kind.CODE else {})
        task = make_task(session, kind=kind, log_budget=budget, evaluation=evaluation)
        return Place(task.id, make_phase(session, task, logs=logs).id, make_team(session).id)


def wait(place: Place) -> int:
    with db.transaction() as session:
        phase, team = session.get_one(Phase, place.phase), session.get_one(Team, place.team)
        return make_submission(session, phase, team).id


def claim() -> Claim:
    with db.transaction() as session:
        found = service.claim(session, "worker", 60)
    assert found
    return found


def recorded(place: Place, result: Result) -> Run:
    """The run of a new submission that ended so."""
    wait(place)
    held = claim()
    with db.transaction() as session:
        assert service.record(session, held, result)
    return run_of(held)


def run_of(held: Claim) -> Run:
    with db.reading() as session:
        run = session.get_one(Run, held.run_id)
        assert run.tails is not None
        return run


def seen_by(run: Run, sight: Sight) -> str:
    """Everything in a view that might hold the program's words."""
    with db.reading() as session:
        view = detail_of(session, session.get_one(Submission, run.submission_id), sight)
        return "\n".join([view.told, view.log, view.stdout, view.log_note, *view.tails.values()])


def shown(place: Place) -> int:
    """The bytes that the team sees in all."""
    with db.reading() as session:
        statement = select(func.sum(Run.log_bytes)).join(Submission, Submission.run_id == Run.id)
        return session.scalar(statement.where(Submission.team_id == place.team)) or 0


def test_full_shows_both_streams_of_every_run(both_databases: Settings) -> None:
    place = make_place("full")
    for result in (SCORED, rejected(), rejected("time_limit", wall_s=1.0, cpu_s=1.0)):
        run = recorded(place, result)
        assert (run.stdout, run.log, run.log_cut) == (OUTPUT.stdout, OUTPUT.stderr, False)
        assert run.log_bytes == len((OUTPUT.stdout + OUTPUT.stderr).encode())
        assert SECRET in seen_by(run, Sight.TEAM)


def test_tail_shows_the_end_of_the_error_output_of_what_was_rejected(both_databases: Settings) -> None:
    place = make_place("tail")
    assert recorded(place, SCORED).log == ""
    run = recorded(place, rejected())
    assert (run.stdout, run.log) == ("", STDERR)
    assert run.params == {"exit_code": 1, "signal": None}
    long = Result("rejected", code="runtime_error", output=Output("", "é" * 5000))
    assert recorded(place, long).log == "é" * 2048


def test_error_class_keeps_nothing_of_the_programs_words_where_a_team_reads(both_databases: Settings) -> None:
    place = make_place("error-class")
    run = recorded(place, rejected())
    assert (run.stdout, run.log, run.log_bytes, run.log_cut) == ("", "", 0, False)
    assert run.params == {"exit_code": 1, "signal": None, "error": "ValueError"}
    told = seen_by(run, Sight.TEAM)
    assert SECRET not in told
    assert told.startswith("Your program ended with ValueError (exit code 1).")
    assert seen_by(run, Sight.JUDGE) == told
    assert recorded(place, SCORED).log == ""


def test_organizers_see_the_end_whatever_the_team_may_see(both_databases: Settings) -> None:
    for logs in ("error-class", "tail", "full"):
        run = recorded(make_place(logs), rejected())
        assert run.tails == {"stdout": OUTPUT.stdout, "stderr": OUTPUT.stderr}
        assert SECRET in seen_by(run, Sight.ORGANIZER)


CARRIED = [
    ("invalid_output", {"detail": f"'{SECRET}' in the output is a link."}),
    ("unreadable", {"problem": f"expected {SECRET}"}),
    ("missing_columns", {"columns": ["value"], "found": [SECRET]}),
    ("extra_ids", {"count": 3, "examples": [SECRET]}),
    ("missing_ids", {"count": 3, "examples": [SECRET]}),
    ("not_numeric", {"column": "value", "count": 3, "examples": [SECRET]}),
    ("a_code_to_come", {"anything": SECRET, "nested": {"deep": [SECRET]}}),
]


@pytest.mark.parametrize(("code", "params"), CARRIED, ids=[row[0] for row in CARRIED])
def test_no_reason_carries_the_programs_words_out(database: Settings, code: str, params: Any) -> None:
    quiet = recorded(make_place("error-class"), rejected(code, **params))
    assert SECRET not in repr(quiet.params)
    assert SECRET not in seen_by(quiet, Sight.TEAM)
    assert "–" not in seen_by(quiet, Sight.TEAM)
    assert recorded(make_place("tail"), rejected(code, **params)).params == params


def test_what_is_wrong_with_the_file_itself_is_told_for_no_program_ran(database: Settings) -> None:
    run = recorded(make_place("error-class"), rejected("refused_archive", detail="../x leads out"))
    assert run.params == {"detail": "../x leads out"}


def test_reasons_of_predictions_are_whole_whatever_the_policy(database: Settings) -> None:
    for logs in ("error-class", "tail", "full"):
        place = make_place(logs, kind=Kind.PREDICTIONS)
        params = {"count": 3, "examples": ["a"]}
        run = recorded(place, Result("rejected", code="extra_ids", params=params))
        assert (run.params, run.log, run.tails) == (params, "", {})


def test_the_budget_of_a_team_is_used_to_the_byte_and_then_nothing_more_comes(
    both_databases: Settings,
) -> None:
    whole = OUTPUT.size
    place = make_place("full", budget=2 * whole + len(STDERR) + 5)
    runs = [recorded(place, rejected()) for _ in range(4)]
    assert [run.log_cut for run in runs] == [False, False, True, True]
    assert (runs[2].log, runs[2].stdout) == (STDERR, OUTPUT.stdout[-5:])
    assert "error" not in runs[2].params
    assert (runs[3].log, runs[3].stdout, runs[3].params["error"]) == ("", "", "ValueError")
    assert shown(place) == 2 * whole + len(STDERR) + 5
    told = seen_by(runs[3], Sight.TEAM)
    assert "More is kept back, so that hidden data cannot be carried out piece by piece." in told
    assert SECRET not in told


def test_a_used_up_budget_silences_the_reasons_too(database: Settings) -> None:
    place = make_place("tail", budget=len(STDERR))
    assert recorded(place, rejected()).log == STDERR
    run = recorded(place, Result("rejected", code="extra_ids", params={"count": 1, "examples": [SECRET]}))
    assert run.params == {"count": 1}


def test_each_team_and_each_task_has_a_budget_of_its_own(database: Settings) -> None:
    place = make_place("tail", budget=len(STDERR))
    recorded(place, rejected())
    with db.transaction() as session:
        rival = make_team(session).id
        later = make_phase(session, session.get_one(Task, place.task), logs="tail").id
    assert recorded(place._replace(team=rival), rejected()).log == STDERR
    assert recorded(place._replace(phase=later), rejected()).log == ""
    elsewhere = make_place("tail", budget=len(STDERR))
    assert recorded(elsewhere._replace(team=place.team), rejected()).log == STDERR


def test_a_rescore_counts_once_for_it_replaces_what_is_shown(both_databases: Settings) -> None:
    place = make_place("tail", budget=len(STDERR))
    first = recorded(place, rejected())
    for _ in range(3):
        with db.transaction() as session:
            submissions.requeue(session, session.get_one(Submission, first.submission_id))
        held = claim()
        with db.transaction() as session:
            assert service.record(session, held, rejected())
        assert (run_of(held).log, run_of(held).log_cut) == (STDERR, False)
    assert shown(place) == len(STDERR)
    assert recorded(place, rejected()).log == ""


def test_runs_recorded_at_once_cannot_pass_the_budget(both_databases: Settings) -> None:
    place = make_place("tail", budget=3 * len(STDERR) + 7)
    for _ in range(8):
        wait(place)
    claims = [claim() for _ in range(8)]
    start = threading.Barrier(len(claims))

    def record(held: Claim) -> None:
        start.wait(10)
        with db.transaction() as session:
            assert service.record(session, held, rejected())

    threads = [threading.Thread(target=record, args=(held,)) for held in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shown(place) == 3 * len(STDERR) + 7
    assert sorted(run_of(held).log_bytes for held in claims)[-3:] == [len(STDERR)] * 3


def test_a_result_that_came_too_late_leaves_nothing_to_read(database: Settings) -> None:
    place = make_place("full")
    wait(place)
    held = claim()
    with db.transaction() as session:
        service.give_back(session, held, "trouble", 3)
    with db.transaction() as session:
        assert not service.record(session, held, rejected())
    run = run_of(held)
    assert (run.log, run.stdout, run.tails, run.params) == ("", "", {}, {})


def test_a_claim_carries_what_holds_in_the_phase(both_databases: Settings) -> None:
    place = make_place("tail")
    with db.transaction() as session:
        phase = session.get_one(Phase, place.phase)
        phase.limits, phase.alone = {"wall_s": 5.0, "processes": 33}, True
    wait(place)
    work = claim().work
    assert (work.limits["wall_s"], work.limits["processes"], work.alone) == (5.0, 33, True)
    assert (work.limits["memory_bytes"], work.limits["open_files"]) == (1_000_000_000, 1024)
