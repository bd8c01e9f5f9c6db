"""Applying one task of a bundle: the task, its phases, its data files."""

from typing import Any

from sqlalchemy.orm import Session

from leitai.competitions import limits, removing, versions
from leitai.competitions.bundle.errors import Problem
from leitai.competitions.bundle.loading import LoadedTask
from leitai.competitions.bundle.schema import PhaseSpec, TaskSpec
from leitai.competitions.changes import Action, Change, assign
from leitai.competitions.keeping import Kept, Slot, image_slot, program_slot
from leitai.competitions.models import Competition, DataFile, Phase, Role, Task, Track
from leitai.competitions.timing import date_problems, revealed_problems, settled
from leitai.storage import Artefact

# Whatever phase they are scored in, submissions of the task meet these.
OF_TASK = (Role.IMAGE, Role.PROGRAM, Role.INGESTION)


class TaskApplying:
    """Brings one task to what its file says; ``changes`` and ``problems`` tell the outcome."""

    def __init__(self, session: Session, loaded: LoadedTask, kept: Kept) -> None:
        self.session = session
        self.loaded = loaded
        self.spec: TaskSpec = loaded.spec
        self.kept = kept
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self.in_use: list[DataFile] = []

    def run(self, competition: Competition, track: Track, position: int, present: Task | None) -> Task:
        """Create or change the task; returns its row."""
        task = present or Task(competition_id=competition.id, slug=self.spec.slug)
        self._task(task, present is None, {"track_id": track.id, "position": position, **self._values()})
        phases = [self._phase(task, number, phase) for number, phase in enumerate(self.spec.phases)]
        self.problems += date_problems(self.loaded, competition, phases)
        self._data(task)
        self._image(task)
        self._remove(task)
        return task

    def _values(self) -> dict[str, Any]:
        spec = self.spec
        texts = ("title", "sponsor", "prize", "statement", "rules", "agreement")
        return {
            **{name: getattr(spec, name).model_dump() for name in texts},
            "kind": spec.kind,
            "evaluation": spec.evaluation,
            "limits": limits.kept(spec.limits),
            "log_budget": spec.log_budget,
            "preload": spec.preload,
            "team_size_max": spec.team_size_max,
            "validation": _validation(spec),
        }

    def _task(self, task: Task, new: bool, values: dict[str, Any]) -> None:
        if new:
            self._add(task, values)
            self.changes.append(Change("created", "task", self.spec.slug))
            return
        used = removing.submissions_of_task(self.session, task.id) > 0
        if used and task.kind != self.spec.kind:
            remedy = f"Write {task.kind}, or make a new task with a slug of its own."
            self.problems.append(
                self._problem("kind", "cannot change: teams have submitted already.", remedy)
            )
        rescore = used and task.evaluation != self.spec.evaluation
        if details := assign(task, values):
            self.changes.append(Change("changed", "task", self.spec.slug, details, rescore))

    def _phase(self, task: Task, number: int, spec: PhaseSpec) -> Phase:
        present = next((phase for phase in task.phases if phase.slug == spec.slug), None)
        phase = present or Phase(task_id=task.id, slug=spec.slug)
        values = {"position": number, **self._phase_values(spec, present)}
        name = f"{task.slug}/{spec.slug}"
        if present is None:
            self._add(phase, values)
            self.changes.append(Change("created", "phase", name))
        else:
            moved = (values["ends_at"], values["private_from"])
            self.problems += revealed_problems(self.loaded, number, phase, *moved)
            if details := assign(phase, values):
                self.changes.append(Change("changed", "phase", name, details))
        self._hidden(task, phase)
        return phase

    def _phase_values(self, spec: PhaseSpec, present: Phase | None) -> dict[str, Any]:
        return {
            "kind": spec.kind,
            "title": spec.title.model_dump(),
            "starts_at": settled(spec.starts, present.starts_at if present else None),
            "ends_at": settled(spec.ends, present.ends_at if present else None),
            "private_from": settled(spec.reveals, present.private_from if present else None),
            "daily_limit": spec.daily_limit,
            "total_limit": spec.total_limit,
            "rejected_counts": spec.rejected_counts,
            "advance": spec.advance.model_dump(exclude_none=True) if spec.advance else {},
            "limits": limits.differing(self.spec, spec),
            "logs": self.spec.logs_in(spec),
            "alone": spec.alone,
        }

    def _hidden(self, task: Task, phase: Phase) -> None:
        for slot, artefact in self.kept.items():
            if (slot.task, slot.phase) == (task.slug, phase.slug):
                self._place(task, phase, slot, artefact)

    def _data(self, task: Task) -> None:
        for data in self.spec.data:
            slot = Slot(task.slug, None, Role.OPEN, data.file.path.name)
            row = self._place(task, None, slot, self.kept[slot])
            words = data.description.model_dump()
            told = row.description not in ({}, words)
            row.description = words
            if told:
                name = f"{task.slug}/{row.name}"
                self.changes.append(Change("changed", "data", name, ("description",)))

    def _image(self, task: Task) -> None:
        if self.spec.image:
            slot = image_slot(task.slug, self.spec.image)
            self._place(task, None, slot, self.kept[slot])
        for role in (Role.PROGRAM, Role.INGESTION):
            slot = program_slot(task.slug, role)
            if slot in self.kept:
                self._place(task, None, slot, self.kept[slot])

    def _place(self, task: Task, phase: Phase | None, slot: Slot, artefact: Artefact) -> DataFile:
        row, new = versions.place(self.session, task, phase.id if phase else None, slot, artefact)
        self.in_use.append(row)
        if new:
            name = "/".join(filter(None, (task.slug, slot.phase, row.name)))
            rescore = self._scored_with(task, phase, row.role)
            action: Action = "created" if row.version == 1 else "changed"
            self.changes.append(Change(action, "data", name, (f"version {row.version}",), rescore))
        return row

    def _scored_with(self, task: Task, phase: Phase | None, role: str) -> bool:
        """Whether there are scores that another file in this role would change."""
        if role in OF_TASK:
            return removing.submissions_of_task(self.session, task.id) > 0
        return phase is not None and removing.submissions_of_phase(self.session, phase.id) > 0

    def _remove(self, task: Task) -> None:
        for row in versions.retire_others(self.session, task, self.in_use):
            rescore = row.role in OF_TASK and self._scored_with(task, None, row.role)
            details = (f"version {row.version}",)
            self.changes.append(Change("removed", "data", f"{task.slug}/{row.name}", details, rescore))
        slugs = {phase.slug for phase in self.spec.phases}
        for item in removing.phases(self.session, task, slugs, self.loaded.file, self._key("phases")):
            if isinstance(item, Problem):
                self.problems.append(item)
            else:
                self.changes.append(item)

    def _add(self, row: Task | Phase, values: dict[str, Any]) -> None:
        for key, value in values.items():
            setattr(row, key, value)
        self.session.add(row)
        self.session.flush()

    def _key(self, rest: str) -> str:
        return f"{self.loaded.key}.{rest}" if self.loaded.key else rest

    def _problem(self, key: str, problem: str, remedy: str) -> Problem:
        return Problem(self.loaded.file, self._key(key), problem, remedy)


def _validation(spec: TaskSpec) -> dict[str, str]:
    places = spec.validation.places if spec.validation else {}
    return {name: place.path.name for name, place in places.items()}
