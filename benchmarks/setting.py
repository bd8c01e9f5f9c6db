"""The competition of the event: 24 tasks in six tracks, five months, most deadlines two hours from now."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions.models import Competition, DataFile, Kind, Phase, Role, Task, Track

TASKS, TRACKS = 24, 6
ORGANIZER = 1
SLUG = "event"
METRICS = (("rmse", "mae"), ("roc_auc", "log_loss"), ("f1_macro", "accuracy", "mcc"))
ADVANCE = {"share": 0.2, "most": 60}
PARAGRAPH = (
    "Each row is one **reading** of a sensor; its columns are described below. A method that knows the two "
    "rhythms of the day and of the week is a fair start; what it leaves over is the task.\n\n"
    "| column | type | meaning |\n|---|---|---|\n" + "| `value` | number | the reading, in its unit |\n" * 5
)
STATEMENT = "\n\n".join(f"## Part {number}\n\n{PARAGRAPH}" for number in range(1, 8))
LIMITS = {
    "wall_s": 60.0,
    "cpu_s": 60.0,
    "memory_bytes": 1_000_000_000,
    "cpus": 1.0,
    "output_bytes": 10_000_000,
    "upload_bytes": 10_000_000,
}


def both(text: str) -> dict[str, str]:
    """The same text in both languages."""
    return {"en": text, "zh": text}


def build(session: Session, now: datetime) -> list[Phase]:
    """Competition, tracks, tasks and phases; gives the phases, that of the most popular task first."""
    starts, ends = now - timedelta(days=120), now + timedelta(days=32)
    competition = Competition(
        slug=SLUG, title=both("Algorithm Competition"), summary=both(PARAGRAPH), place=both("Guangzhou"),
        starts_at=starts, ends_at=ends,
    )  # fmt: skip
    session.add(competition)
    competition.organizers.append(session.get_one(Person, ORGANIZER))
    tracks = [
        Track(competition=competition, slug=f"track-{n}", title=both(f"Track {n}"), position=n)
        for n in range(1, TRACKS + 1)
    ]
    session.add_all(tracks)
    tasks = [_task(session, competition, tracks[n % TRACKS], n) for n in range(TASKS)]
    return [phase for number, task in enumerate(tasks) for phase in _phases(session, task, number, now)]


def _task(session: Session, competition: Competition, track: Track, number: int) -> Task:
    metrics = [{"metric": name, "target": "value"} for name in METRICS[number % len(METRICS)]]
    text = both(STATEMENT)
    task = Task(
        competition=competition, track=track, slug=f"task-{number + 1}", position=number,
        kind=Kind.CODE if number % 2 else Kind.PREDICTIONS, title=both(f"Task {number + 1}"),
        sponsor=both(f"Enterprise {number % 19 + 1}"), prize=both("¥100,000"), statement=text, rules=text,
        agreement=text, evaluation={"id": "id", "split": "split", "metrics": metrics}, limits=LIMITS,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def _phases(session: Session, task: Task, number: int, now: datetime) -> list[Phase]:
    """Of every third task the preliminary is over and its private board shown; the semi-final runs."""
    soon = now + timedelta(hours=2)
    over = number % 3 == 2
    first = (now - timedelta(days=110), now - timedelta(days=20) if over else soon)
    second = (now - timedelta(days=15), soon) if over else (now + timedelta(days=5), now + timedelta(days=30))
    made = []
    for position, (starts, ends) in enumerate((first, second)):
        phase = Phase(
            task=task, slug=("preliminary", "semi-final")[position], position=position,
            kind=("preliminary", "semi-final")[position], title=both(("Preliminary", "Semi-final")[position]),
            starts_at=starts, ends_at=ends, private_from=ends, revealed_at=ends if ends < now else None,
            daily_limit=100, total_limit=500, advance={} if position else ADVANCE,
        )  # fmt: skip
        session.add(phase)
        session.flush()
        made.append(phase)
        _reference(session, phase)
    return made


def _reference(session: Session, phase: Phase) -> None:
    session.add(
        DataFile(
            task_id=phase.task_id,
            phase_id=phase.id,
            role=Role.REFERENCE,
            name="reference.tar",
            digest=f"{phase.id:064x}",
            size=1_000_000,
        )
    )
    session.flush()
