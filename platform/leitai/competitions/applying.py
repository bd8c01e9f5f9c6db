"""Applying a bundle: what it names is created or changed, and what it no longer names is removed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leitai.accounts.models import Person
from leitai.competitions import removing
from leitai.competitions.applying_tasks import TaskApplying
from leitai.competitions.bundle.errors import BundleError, Problem
from leitai.competitions.bundle.loading import NAME, Bundle, LoadedTask
from leitai.competitions.bundle.schema import CompetitionSpec, TrackSpec
from leitai.competitions.changes import Change, assign
from leitai.competitions.keeping import Kept, keep
from leitai.competitions.models import Competition, Task, Track
from leitai.competitions.people import find_people, replace_people
from leitai.competitions.timing import settled
from leitai.storage import ArtefactStore


def apply(session: Session, bundle: Bundle, store: ArtefactStore) -> list[Change]:
    """Bring a competition to what the bundle says. A second time nothing changes.

    The caller acts for the machine's operator. Bytes are stored before the first statement, so that
    no writer waits for them.

    Raises:
        BundleError: the bundle does not fit what is there; all problems are listed, nothing was changed.
    """
    return _Applying(session, bundle, keep(bundle, store)).run()


class _Applying:
    def __init__(self, session: Session, bundle: Bundle, kept: Kept) -> None:
        self.session = session
        self.bundle = bundle
        self.kept = kept
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def run(self) -> list[Change]:
        competition = self._competition(self.bundle.competition)
        tracks = [self._track(competition, *item) for item in enumerate(self.bundle.competition.tracks)]
        self.session.flush()
        by_slug = {track.slug: track for track in tracks}
        for position, loaded in enumerate(self.bundle.tasks):
            self._task(competition, by_slug[loaded.track], position, loaded)
        self._remove(competition)
        if self.problems:
            raise BundleError(self.problems)
        self.session.flush()
        return self.changes

    def _competition(self, spec: CompetitionSpec) -> Competition:
        statement = select(Competition).where(Competition.slug == spec.slug).with_for_update()
        present = self.session.scalars(statement).one_or_none()
        values = {
            "title": spec.title.model_dump(),
            "summary": spec.summary.model_dump(),
            "place": spec.place.model_dump(),
            "starts_at": settled(spec.starts, present.starts_at if present else None),
            "ends_at": settled(spec.ends, present.ends_at if present else None),
        }
        competition = present or Competition(slug=spec.slug)
        self._write(present is None, competition, values, "competition", spec.slug)
        self._people(competition.organizers, spec.organizers, NAME, "organizers", spec.slug)
        return competition

    def _track(self, competition: Competition, position: int, spec: TrackSpec) -> Track:
        present = next((track for track in competition.tracks if track.slug == spec.slug), None)
        track = present or Track(competition_id=competition.id, slug=spec.slug)
        values = {"title": spec.title.model_dump(), "position": position}
        self._write(present is None, track, values, "track", spec.slug)
        return track

    def _task(self, competition: Competition, track: Track, position: int, loaded: LoadedTask) -> None:
        statement = select(Task).where(Task.competition_id == competition.id, Task.slug == loaded.spec.slug)
        present = self.session.scalars(statement).one_or_none()
        applying = TaskApplying(self.session, loaded, self.kept)
        task = applying.run(competition, track, position, present)
        self.changes += applying.changes
        self.problems += applying.problems
        key = f"{loaded.key}.judges" if loaded.key else "judges"
        self._people(task.judges, loaded.spec.judges, loaded.file, key, task.slug)

    def _people(self, present: list[Person], emails: Sequence[str], file: str, key: str, of: str) -> None:
        people, problems = find_people(self.session, emails, file, key)
        self.problems += problems
        self.changes += replace_people(
            present, people, "judge" if key.endswith("judges") else "organizer", of
        )

    def _write(
        self, new: bool, row: Competition | Track, values: dict[str, Any], what: str, name: str
    ) -> None:
        if new:
            for key, value in values.items():
                setattr(row, key, value)
            self.session.add(row)
            self.session.flush()
            self.changes.append(Change("created", what, name))
        elif details := assign(row, values):
            self.changes.append(Change("changed", what, name, details))

    def _remove(self, competition: Competition) -> None:
        tasks = {loaded.spec.slug for loaded in self.bundle.tasks}
        self._keep_outcome(removing.tasks(self.session, competition, tasks))
        tracks = {track.slug for track in self.bundle.competition.tracks}
        if not self.problems:
            self._keep_outcome(removing.tracks(self.session, competition, tracks))

    def _keep_outcome(self, outcome: Iterable[Change | Problem]) -> None:
        for item in outcome:
            if isinstance(item, Problem):
                self.problems.append(item)
            else:
                self.changes.append(item)
