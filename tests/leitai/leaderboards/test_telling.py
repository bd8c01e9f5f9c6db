"""How sure places are: rank intervals from paired replicates, and neighbours that cannot be told apart."""

import csv
import io
import json

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from evaluators.uncertainty.packing import pack
from leitai import db
from leitai.accounts.service import make_token
from leitai.competitions.models import Phase
from leitai.leaderboards import reading, telling
from leitai.leaderboards.exporting import SURE, export
from leitai.leaderboards.reading import Query
from leitai.settings import Settings
from leitai.submissions.models import Run, Score, Split, Submission
from leitai.web.filters import between
from tests.leitai.factories import make_entry, make_person, make_phase, make_team
from tests.leitai.leaderboards.scored import reveal, score

TAG = b"one task"
NOISE = np.random.default_rng(3).standard_normal((40, 199))


def known(session: Session, submission: Submission, drawn: NDArray[np.float64], tag: bytes = TAG) -> None:
    """The run of a submission has these deviations, and intervals, on both splits."""
    run = session.get_one(Run, submission.run_id)
    run.replicates, run.sealed_replicates = pack(tag, drawn), pack(tag, drawn / 1000)
    run.sealed_intervals = {"rmse": {"low": 0.7771, "high": 0.7772}}
    for row in session.query(Score).filter_by(run_id=run.id, split="public", metric="rmse"):
        row.low, row.high = row.value - 0.5, row.value + 0.5
    session.flush()


def teams(session: Session, phase: Phase, scores: list[float]) -> list[Submission]:
    """One team for each score, the best first."""
    return [score(session, phase, make_team(session), value, value) for value in scores]


def told(session: Session, phase: Phase, split: Split = Split.PUBLIC) -> list[telling.Certainty]:
    session.expire_all()
    return [row.certainty for row in reading.board(session, phase, Query(split)).page.items]


def test_teams_that_err_alike_are_told_apart_by_less_than_teams_that_err_apart(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        first, second, third = teams(session, phase, [1.0, 1.2, 1.4])
        known(session, first, NOISE[0])
        known(session, second, NOISE[0] + NOISE[1] / 20)  # paired: the difference is known well
        known(session, third, NOISE[2])
        found = told(session, phase)
        assert [own.ranks for own in found] == [(1, 2), (2, 3), (1, 3)]
        assert [own.apart for own in found] == [None, True, False]
        assert (found[0].low, found[0].high) == (0.5, 1.5)


def test_what_is_far_better_or_worse_bounds_the_rank(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for number, submission in enumerate(teams(session, phase, [1.0, 20.0, 20.1, 20.2, 40.0])):
            known(session, submission, NOISE[number])
        found = told(session, phase)
        assert [own.ranks for own in found] == [(1, 1), (2, 4), (2, 4), (2, 4), (5, 5)]
        assert [own.apart for own in found] == [None, True, False, False, True]


def test_equal_replicates_with_equal_scores_are_never_told_apart(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for submission in teams(session, phase, [1.0, 1.0]):
            known(session, submission, NOISE[0])
        assert [own.ranks for own in told(session, phase)] == [(1, 2), (1, 2)]


def test_teams_without_replicates_or_of_another_reference_are_compared_with_nobody(
    database: Settings,
) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        first, second, other, _ = teams(session, phase, [1.0, 50.0, 100.0, 200.0])
        known(session, first, NOISE[0])
        known(session, second, NOISE[1])
        known(session, other, NOISE[2], tag=b"another!")
        found = told(session, phase)
        assert [own.ranks for own in found] == [(1, 3), (2, 4), None, None]
        assert found[3] == telling.Certainty()


def test_a_task_that_wants_no_uncertainty_shows_none(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for submission in teams(session, phase, [1.0, 2.0]):
            known(session, submission, NOISE[0])
        phase.task.evaluation = phase.task.evaluation | {"uncertainty": False}
        session.flush()
        assert told(session, phase) == [telling.Certainty()] * 2


def test_a_new_score_changes_the_ranks_at_once_on_a_small_board(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        known(session, teams(session, phase, [1.0])[0], NOISE[0])
        assert [own.ranks for own in told(session, phase)] == [(1, 1)]
        known(session, teams(session, phase, [1.1])[0], NOISE[1])
        assert [own.ranks for own in told(session, phase)] == [(1, 2), (1, 2)]


def test_private_certainty_shows_with_the_private_board_and_not_before(database: Settings) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        for number, submission in enumerate(teams(session, phase, [1.0, 1.2])):
            known(session, submission, NOISE[number])
        assert [own.ranks for own in told(session, phase)] == [(1, 2), (1, 2)]
        with pytest.raises(reading.NotFound):
            told(session, phase, Split.PRIVATE)
        reveal(session, phase)
        found = told(session, phase, Split.PRIVATE)
        assert [own.ranks for own in found] == [(1, 1), (2, 2)]
        assert (found[0].low, found[0].high) == (0.7771, 0.7772)


def test_the_export_says_how_sure_places_are_of_each_board_that_is_shown(database: Settings) -> None:
    with db.transaction() as session:
        phase, organizer = make_phase(session), make_person(session)
        phase.task.competition.organizers.append(organizer)
        first, second, _ = teams(session, phase, [1.0, 1.2, 9.0])
        known(session, first, NOISE[0])
        known(session, second, NOISE[1])
        before = list(csv.DictReader(io.StringIO(export(session, organizer, phase.task, phase))))
        assert [[row[f"public {name}"] for name in SURE] for row in before] == [
            ["0.5", "1.5", "1", "3", ""],
            ["0.7", "1.7", "1", "3", "no"],
            ["", "", "", "", ""],
        ]
        assert not [name for name in before[0] if "private" in name]
        reveal(session, phase)
        after = list(csv.DictReader(io.StringIO(export(session, organizer, phase.task, phase))))
        assert [after[1][f"private {name}"] for name in SURE] == ["0.7771", "0.7772", "2", "3", "yes"]


def test_the_export_of_a_board_that_knows_no_interval_has_no_column_for_it(database: Settings) -> None:
    with db.transaction() as session:
        phase, organizer = make_phase(session), make_person(session)
        phase.task.competition.organizers.append(organizer)
        teams(session, phase, [1.0])
        lines = export(session, organizer, phase.task, phase).splitlines()
        assert lines[0].endswith('"public rmse","public mae"')


def test_a_long_board_is_told_whole(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    with db.transaction() as session:
        phase = make_phase(session)
        submissions = teams(session, phase, [1.0, 20.0, 40.0, 60.0, 80.0])
        for number, submission in enumerate(submissions):
            known(session, submission, NOISE[number])
        numbers = [submission.id for submission in reversed(submissions)]
        found = telling.certainties(session, phase, Split.PUBLIC, numbers)
        assert [own.ranks for own in found] == [(place, place) for place in (5, 4, 3, 2, 1)]
        assert [own.low for own in found] == [79.5, 59.5, 39.5, 19.5, 0.5]


def test_pages_and_programs_are_told_the_ranks_and_never_a_replicate(
    database: Settings, client: FlaskClient
) -> None:
    with db.transaction() as session:
        phase = make_phase(session)
        person = make_person(session)
        team = make_team(session, captain=person)
        make_entry(session, phase.task, team)
        mine = score(session, phase, team, 1.0, 1.0)
        known(session, mine, NOISE[0])
        known(session, teams(session, phase, [1.1])[0], NOISE[1])
        task = f"{phase.task.competition.slug}/{phase.task.slug}"
        token = make_token(session, person, "test")
        number = mine.id
    page = client.get(f"/competitions/{task}/board").text
    assert "1–2" in page
    assert "cannot be told apart from the team above" in page
    secret = token[0] if isinstance(token, tuple) else token
    headers = {"Authorization": f"Bearer {secret}"}
    rows = client.get(f"/api/v1/tasks/{task}/board", headers=headers).json["rows"]
    assert [(row["rank_low"], row["rank_high"], row["apart"]) for row in rows] == [
        (1, 2, None),
        (1, 2, False),
    ]
    assert (rows[0]["low"], rows[0]["high"]) == (0.5, 1.5)
    own = client.get(f"/api/v1/submissions/{number}", headers=headers).json
    assert own["intervals"] == {"rmse": {"low": 0.5, "high": 1.5}}
    assert own["private_intervals"] == {}
    everything = page + json.dumps(rows) + json.dumps(own)
    assert "0.777" not in everything
    assert "replicates" not in everything


@pytest.mark.parametrize(
    ("ends", "written"),
    [((0.4429, 0.4659), "0.4429 – 0.4659"), ((12.0, 345.0), "12 – 345"), ((1.0, 1.0), "1 – 1")],
)
def test_an_interval_is_written_with_the_digits_that_are_known(
    ends: tuple[float, float], written: str
) -> None:
    assert between(ends) == written
