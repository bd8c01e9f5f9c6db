"""What the API says of submissions."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, Field

from leitai.competitions.models import Kind
from leitai.errors import N_, NotFound
from leitai.submissions import receipts
from leitai.submissions.figure_answers import FigureOut
from leitai.submissions.models import State, Submission
from leitai.submissions.viewing import Shown, View


class SubmissionIn(BaseModel):
    """A form (multipart/form-data). ``team`` is a name or number, needed only if several of yours entered."""

    file: Annotated[UploadFile | None, Field(description="A table, or a zip with predict.py or run")] = None
    message: str = ""
    team: str = ""


class IntervalOut(BaseModel):
    """Where the score would mostly be, had other rows been hidden."""

    low: float
    high: float


class SubmissionOut(BaseModel):
    """A submission.

    ``message`` is the team's own. ``code`` and ``text`` say why it was rejected, and what to mend. ``stdout``
    and ``log`` (the error output) are as much of the program's words as the phase shows, and ``log_note``
    says why some are kept back; in a list all three are empty. ``place`` and ``expected_s`` are there while
    it waits: its place in the queue, and a guess of the seconds until its result. ``scores`` are public,
    ``private_scores`` are there once the private board is shown; some of either have ``intervals``.
    ``figures`` are details of the public scores, and empty in a list. What a program used is there for code
    alone.
    """

    id: int
    competition: str
    task: str
    phase: str
    team: str
    person: str
    kind: Literal["predictions", "code"]
    file_name: str
    size: int
    digest: str
    message: str
    state: State
    stage: str
    code: str
    text: str
    stdout: str = ""
    log: str = ""
    log_note: str = ""
    scores: dict[str, float]
    private_scores: dict[str, float]
    intervals: dict[str, IntervalOut] = {}
    private_intervals: dict[str, IntervalOut] = {}
    figures: list[FigureOut] = []
    place: int | None
    expected_s: float | None
    created_at: datetime
    finished_at: datetime | None
    wall_s: float | None
    peak_memory_bytes: int | None
    url: str

    @classmethod
    def of(cls, view: View) -> Self:
        """What the submission's page shows."""
        more = {"stdout": view.stdout, "log": view.log, "log_note": view.log_note, "figures": view.figures}
        return cls.model_validate({**dict(cls.in_list(view)), **more})

    @classmethod
    def in_list(cls, view: View) -> Self:
        """The same without logs and figures: fifty of them would be long."""
        row, run = view.submission, view.run
        used = run if view.final and row.kind == Kind.CODE else None
        rejected = row.state == State.REJECTED and run is not None
        return cls.model_validate(
            {
                **_plain(row),
                "stage": run.stage if run and row.state == State.RUNNING else row.state,
                "code": run.code if rejected and run else "",
                "text": view.told,
                "scores": {shown.column.name: shown.value for shown in view.public},
                "private_scores": {shown.column.name: shown.value for shown in view.private},
                "intervals": _intervals(view.public),
                "private_intervals": _intervals(view.private),
                "place": view.waiting.place if view.waiting else None,
                "expected_s": view.waiting.seconds if view.waiting else None,
                "wall_s": used.wall_s if used else None,
                "peak_memory_bytes": used.peak_memory_bytes if used else None,
            }
        )


def _intervals(scores: tuple[Shown, ...]) -> dict[str, IntervalOut]:
    ends = {shown.column.name: shown.interval for shown in scores}
    return {name: IntervalOut(low=end[0], high=end[1]) for name, end in ends.items() if end}


def receipt(view: View) -> dict[str, Any]:
    """The receipt of the run that counts, with what everybody may know of its result.

    Raises:
        NotFound: there is none yet.
    """
    row, run = view.submission, view.submission.run
    if run is None or not view.receipt_digest:
        raise NotFound(N_("This submission has no receipt yet. There is one when it has its result."))
    return {
        "number": row.id,
        "task": f"{row.task.competition.slug}/{row.task.slug}",
        "phase": row.phase.slug,
        "state": run.state,
        "scores": {shown.column.name: shown.value for shown in view.public},
        "receipt": receipts.parts(run),
        "digest": view.receipt_digest,
    }


def _plain(row: Submission) -> dict[str, object]:
    same = ("id", "kind", "file_name", "size", "digest", "message", "state", "created_at", "finished_at")
    return {
        **{name: getattr(row, name) for name in same},
        "competition": row.task.competition.slug,
        "task": row.task.slug,
        "phase": row.phase.slug,
        "team": row.team.name,
        "person": row.person.name,
        "url": url_for("submissions.show", submission_id=row.id, _external=True),
    }
