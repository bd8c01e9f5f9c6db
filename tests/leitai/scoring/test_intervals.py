"""What an evaluator says of the uncertainty of scores: read with distrust, recorded, sealed like scores."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from evaluators.uncertainty.packing import pack
from leitai import db
from leitai.leaderboards import service as leaderboards
from leitai.scoring import service
from leitai.scoring.verdicts import read_verdict, spread
from leitai.scoring.work import Result, ScoringTrouble, Spread
from leitai.settings import Settings
from leitai.submissions.models import Run, Score, Split, Submission
from tests.leitai.factories import make_phase, make_submission
from tests.leitai.leaderboards.scored import over

PACKED = pack(b"12345678", np.array([-0.25, 0.125, 0.5]))
VERDICT: dict[str, Any] = {
    "scores": {"public": {"rmse": 2.0}, "private": {"rmse": 3.0}},
    "intervals": {"public": {"rmse": {"low": 1.5, "high": 2.25}}, "private": {}},
    "replicates": {"public": base64.b64encode(PACKED).decode()},
}
RESULT = Result(
    "scored",
    public={"rmse": 2.0, "mae": 1.0},
    private={"rmse": 3.0, "mae": 1.5},
    public_spread=Spread({"rmse": {"low": 1.5, "high": 2.25}}, PACKED),
    private_spread=Spread({"rmse": {"low": 2.5, "high": 3.25}}, PACKED[::-1]),
)


def read(path: Path, verdict: dict[str, Any], split: Split = Split.PUBLIC) -> Spread:
    path.write_text(json.dumps(verdict))
    return spread(read_verdict(path), split, verdict["scores"][split])


def test_intervals_and_replicates_are_read_for_each_split(tmp_path: Path) -> None:
    place = tmp_path / "scores.json"
    assert read(place, VERDICT) == Spread({"rmse": {"low": 1.5, "high": 2.25}}, PACKED)
    assert read(place, VERDICT, Split.PRIVATE) == Spread({}, None)
    assert read(place, {"scores": VERDICT["scores"]}) == Spread({}, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"intervals": {"public": {"mae": {"low": 1, "high": 2}}}},
        {"intervals": {"public": {"rmse": {"low": 1}}}},
        {"intervals": {"public": {"rmse": {"low": "1", "high": 2}}}},
        {"intervals": {"public": {"rmse": {"low": True, "high": 2}}}},
        {"intervals": {"public": [1, 2]}},
        {"replicates": {"public": "no base 64!"}},
        {"replicates": {"public": 7}},
        {"replicates": {"public": base64.b64encode(bytes(5000)).decode()}},
    ],
    ids=lambda wrong: str(wrong)[:50],
)
def test_what_no_evaluator_of_ours_writes_is_trouble_of_ours(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ScoringTrouble, match="The evaluator's public"):
        read(tmp_path / "scores.json", VERDICT | wrong)


def recorded() -> Submission:
    with db.transaction() as session:
        make_submission(session, make_phase(session))
    with db.transaction() as session:
        claim = service.claim(session, "worker", 60)
        assert claim
        assert service.record(session, claim, RESULT)
        return session.get_one(Submission, claim.submission_id)


def rows() -> set[tuple[str, str, float | None, float | None]]:
    with db.reading() as session:
        return {(row.split, row.metric, row.low, row.high) for row in session.scalars(select(Score))}


def test_private_intervals_stay_sealed_until_the_board_is_shown(both_databases: Settings) -> None:
    submission = recorded()
    public = {("public", "rmse", 1.5, 2.25), ("public", "mae", None, None)}
    assert rows() == public
    with db.transaction() as session:
        run = session.get_one(Run, submission.run_id)
        assert (run.replicates, run.sealed_replicates) == (PACKED, PACKED[::-1])
        assert run.sealed_intervals == {"rmse": {"low": 2.5, "high": 3.25}}
        over(session, session.get_one(Submission, submission.id).phase)
        assert leaderboards.reveal_due(session) == 1
    assert rows() == public | {("private", "rmse", 2.5, 3.25), ("private", "mae", None, None)}
