"""A worker with a database of its own: what teams hand in goes the real way, through the real containers."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from leitai import db
from leitai.competitions.models import Competition, Kind, Phase, Role, Task
from leitai.leaderboards import exporting
from leitai.scoring import warming
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.submissions import intake
from leitai.submissions.models import Run, Submission
from leitai.submissions.refusals import UnsuitableFile
from leitai.worker import wire
from sandbox.job import Volume
from tests.leitai.factories import (
    EVALUATION,
    make_competition,
    make_entry,
    make_hidden,
    make_person,
    make_phase,
    make_submission,
    make_task,
    make_team,
)

PREDICTIONS = "predictions.csv"
# A label that a program can look for without holding it: a pattern that does not match itself.
LABEL = "label-of-the-reference-5d1c"
REFERENCE = f"id,split,value,note\na,public,1,{LABEL}\nb,private,3,{LABEL}\n".encode()
GOOD = "id,value\na,1\nb,3\n"
LIMITS = {
    "wall_s": 20.0,
    "cpu_s": 20.0,
    "memory_bytes": 400_000_000,
    "cpus": 1.0,
    "output_bytes": 100_000_000,
    "upload_bytes": 100_000_000,
}


@dataclass(frozen=True)
class Scored:
    """What came of a submission: its state or code, its scores, and all texts that are kept of its run."""

    verdict: str
    scores: dict[str, float] = field(default_factory=dict)
    texts: str = ""


class Worker:
    """Scores one submission at a time, like any worker."""

    def __init__(self, settings: Settings) -> None:
        self.parts = wire(settings)
        self.scorer = Scorer(self.parts, settings, "worker")
        self.scratch = settings.path(str(settings.sandbox.scratch))
        with db.transaction() as session:
            self._phases = {kind: _phase(session, kind) for kind in (Kind.CODE, Kind.PREDICTIONS)}

    def warm(self) -> None:
        """Have containers wait as they would for open phases."""
        with db.reading() as session:
            found = warming.open_phases(session)
        for row in warming.wanted(found, self.parts):
            self.parts.sandbox.warm(row.shape)

    def look_at(self, archive: Path) -> str:
        """What the portal says of a program's archive when it is handed in: its code, or nothing."""
        with archive.open("rb") as stream:
            return _refused(lambda: intake.check_program(stream))

    def score(self, kind: Kind, content: bytes, name: str) -> Scored:
        """Hand in and score."""
        if refused := _refused(lambda: intake.check_name(kind, name)):
            return Scored(refused)
        stored = artefacts().put(io.BytesIO(content), len(content))
        with db.transaction() as session:
            phase = session.get_one(Phase, self._phases[kind])
            given = {"digest": stored.digest, "size": stored.size, "file_name": name}
            number = make_submission(session, phase, **given).id
        if self.scorer.score_next() != Said.DONE:
            return Scored("unready")
        return _scored(number)

    def exported(self, team: str, captain: str) -> str:
        """The organizers' file of a board on which this team stands."""
        with db.transaction() as session:
            phase = session.get_one(Phase, self._phases[Kind.PREDICTIONS])
            task = session.get_one(Task, phase.task_id)
            person = make_person(session, name=captain)
            found = make_team(session, person, name=team, affiliation=captain)
            make_entry(session, task, found)
            stored = artefacts().put(io.BytesIO(GOOD.encode()), len(GOOD))
            make_submission(session, phase, found, digest=stored.digest, size=stored.size)
        self.scorer.score_next()
        with db.reading() as session:
            phase = session.get_one(Phase, self._phases[Kind.PREDICTIONS])
            task = session.get_one(Task, phase.task_id)
            organizer = session.get_one(Competition, task.competition_id).organizers[0]
            return exporting.export(session, organizer, task, phase)

    def another_phase(self) -> Volume:
        """The data of a phase that has not begun."""
        content = _tar("input.csv", b"id\nc\nd\ne\n")
        return Volume(sha256(content).hexdigest(), "/data/input", lambda: [content])

    def code(self, text: str, **more: bytes) -> Scored:
        """Hand in a program, with files of its own beside it."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in {"predict.py": text.encode(), **more}.items():
                archive.writestr(name, content)
        return self.score(Kind.CODE, stream.getvalue(), "model.zip")


def _refused(do: Callable[[], None]) -> str:
    try:
        do()
    except UnsuitableFile:
        return "refused"
    return ""


def _scored(number: int) -> Scored:
    with db.reading() as session:
        submission = session.get_one(Submission, number)
        run = submission.runs[-1]
        scores = {score.metric: score.value for score in run.scores}
        texts = json.dumps([getattr(run, column.key) for column in inspect(Run).columns], default=str)
        return Scored(run.code or str(submission.state), scores, texts)


def _phase(session: Session, kind: Kind) -> int:
    evaluation = EVALUATION | ({"file": PREDICTIONS} if kind == Kind.CODE else {})
    competition = make_competition(session, organizers=(make_person(session),))
    task = make_task(session, competition, kind=kind, limits=LIMITS, evaluation=evaluation)
    phase = make_phase(session, task)
    for role, name, content in (
        (Role.INPUT, "input.csv", b"id\na\nb\n"),
        (Role.REFERENCE, "reference.csv", REFERENCE),
    ):
        kept = artefacts().put(io.BytesIO(tar := _tar(name, content)), len(tar))
        make_hidden(session, phase, role, kept.digest, size=kept.size)
    return phase.id


def _tar(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o444
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()
