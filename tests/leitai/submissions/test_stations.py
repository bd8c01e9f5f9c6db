"""The way of a submission: what is behind it, where it is, how long each part took."""

from datetime import UTC, datetime, timedelta

import pytest

from leitai.competitions.models import Kind
from leitai.submissions.models import Run, State, Submission
from leitai.submissions.stations import stations

BEGIN = datetime(2026, 5, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def submission(state: str, kind: str = Kind.CODE, finished: float | None = None) -> Submission:
    return Submission(
        state=state,
        kind=kind,
        created_at=BEGIN,
        queued_at=BEGIN,
        finished_at=after(finished) if finished is not None else None,
    )


def run(predicted: float | None = None, finished: float | None = None) -> Run:
    return Run(
        started_at=after(2),
        predicted_at=after(predicted) if predicted is not None else None,
        finished_at=after(finished) if finished is not None else None,
    )


def passing(row: Submission, its_run: Run | None) -> list[tuple[str, str, float | None]]:
    return [(station.name, station.passing, station.seconds) for station in stations(row, its_run)]


def test_code_is_predicted_and_then_scored() -> None:
    row = submission(State.SCORED, finished=12.5)
    assert passing(row, run(predicted=12, finished=12.5)) == [
        ("received", "past", None),
        ("queued", "past", 2.0),
        ("predicting", "past", 10.0),
        ("scoring", "past", 0.5),
        ("end", "here", None),
    ]
    assert stations(row, run())[-1].since == after(12.5)


def test_predictions_are_scored_at_once() -> None:
    row = submission(State.SCORED, Kind.PREDICTIONS, finished=2.5)
    found = passing(row, run(predicted=2, finished=2.5))
    assert [name for name, _, _ in found] == ["received", "queued", "scoring", "end"]
    assert found[2] == ("scoring", "past", 0.5)


@pytest.mark.parametrize(
    ("state", "its_run", "here"),
    [
        (State.QUEUED, None, "queued"),
        (State.RUNNING, run(), "predicting"),
        (State.RUNNING, run(predicted=5), "scoring"),
        (State.FAILED, run(finished=3), "end"),
        (State.CANCELLED, None, "end"),
    ],
)
def test_it_is_at_one_station_at_a_time(state: str, its_run: Run | None, here: str) -> None:
    final = state in (State.FAILED, State.CANCELLED)
    found = passing(submission(state, finished=3 if final else None), its_run)
    assert [name for name, passed, _ in found if passed == "here"] == [here]


def test_a_program_that_failed_never_came_to_scoring() -> None:
    found = passing(submission(State.REJECTED, finished=9), run(finished=9))
    assert found[2:] == [("predicting", "past", 7.0), ("scoring", "next", None), ("end", "here", None)]
