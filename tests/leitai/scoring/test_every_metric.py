"""Every metric in a real scoring container: its image has what each of them needs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from leitai import db
from leitai.competitions.models import Role
from leitai.scoring.scorer import Said, Scorer
from leitai.submissions.models import State
from tests.evaluators.examples import both_sides, every_metric
from tests.evaluators.trial import Row, evaluated, spec, write_csv
from tests.leitai.factories import make_hidden, make_phase, make_submission, make_task
from tests.leitai.scoring.test_two_containers import ended, kept, scorer, tar_of

__all__ = ["scorer"]
pytestmark = pytest.mark.engine


@pytest.mark.parametrize("metrics", every_metric(), ids=lambda part: part[0]["metric"])
def test_metrics_are_in_a_container_what_they_are_here(
    scorer: Scorer, tmp_path: Path, metrics: Sequence[Row]
) -> None:
    reference, said = both_sides("r")
    task = spec(*metrics)
    here = evaluated(tmp_path, reference, said, task)["scores"]
    assert len(here["public"]) == len(metrics)
    table = tar_of("answers.csv", write_csv(tmp_path / "answers.csv", reference).read_bytes())
    predictions = kept((tmp_path / "predictions.csv").read_bytes())
    with db.transaction() as session:
        phase = make_phase(session, make_task(session, kind="predictions", evaluation=task))
        answers = kept(table)
        make_hidden(session, phase, Role.REFERENCE, answers.digest, size=answers.size)
        stored = {"digest": predictions.digest, "size": predictions.size, "file_name": "predictions.csv"}
        number = make_submission(session, phase, **stored).id
    assert scorer.score_next() == Said.DONE
    state, run, scores = ended(number)
    assert state == State.SCORED, (run.code, run.params, run.trouble)
    assert scores == pytest.approx(here["public"], rel=1e-12)
    assert run.sealed == pytest.approx(here["private"], rel=1e-12)
