"""One task of a Codabench bundle: its texts, data, evaluation, phases and baselines."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from leitai.competitions.bundle.archives import zipped
from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign import moving, programs, scoring_images
from leitai.competitions.foreign.codabench_columns import Columns
from leitai.competitions.foreign.codabench_open import kept_data, open_data, texts
from leitai.competitions.foreign.codabench_parts import Group, Part, Parts, flat
from leitai.competitions.foreign.dates import moment
from leitai.competitions.foreign.own_scoring import own_evaluation
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.values import Given
from leitai.competitions.foreign.writing import Document, Task, both, once, slug

DAILY, TOTAL, SECONDS = 5, 100, 600
METADATA = ("metadata.yaml", "metadata")


class TaskMaking:
    """Makes the tasks; ``parts`` knows the files."""

    def __init__(self, parts: Parts, columns: Columns, title: str, folder: Path, report: Report) -> None:
        self.parts, self.columns, self.title = parts, columns, title
        self.folder, self.report = folder, report
        self.given, self.source = parts.given, parts.source

    def make(self, group: Group, count: int, taken: set[str]) -> Task:
        """The task of one group; ``taken`` are the slugs of others.

        Raises:
            BundleError: it lacks something.
        """
        part = group.first
        title = self.title if count == 1 else part.given.required("name")
        name = once(slug(title, "task"), taken)
        task = Task(self.folder / name)
        task.folder.mkdir()
        own = own_evaluation(part.scoring)
        code = own.code if own else bool(part.ingestion or part.input)
        self._told_kind(part, code=code, own=own is not None)
        documents = moving.phase_documents(self._dated(group), f"{NAME}: phases", self.report)
        task.document = {
            "slug": name,
            "title": both(title),
            **moving.defaults(self.report),
            "kind": "code" if code else "predictions",
            **texts(task, self.parts, self.title, self.report),
            "data": open_data(task, group, self.parts, kept_data(self.given, len(taken) - 1), self.report),
            "evaluation": own.evaluation if own else self._evaluation(task, group),
            **self._limits(group, code=code),
            "phases": self._hidden(task, group, documents, code=code, table=own is not None),
            "baselines": self._baselines(task, group, documents, code=code, table=own is not None),
        }
        if self.given.has("reward"):
            task.document["prize"] = both(self.given.text("reward"))
        if not task.document["data"]:
            del task.document["data"]
        if not task.document["baselines"]:
            del task.document["baselines"]
        return task

    def _told_kind(self, part: Part, *, code: bool, own: bool) -> None:
        place = f"{NAME}: {part.given.key}"
        if code and part.ingestion:
            told = "takes code alone: the ingestion program runs beside it, without the reference."
            self.report.changed(place, told)
        elif code and not own:
            told = (
                "takes programs: predict.py or run, called with the input's folder and the output's folder."
            )
            self.report.changed(place, f"{told} Codabench asks for a metadata file with a command instead.")
        elif not own:
            self.report.taken(
                place, "takes a zip of files, which the scoring program compares with the reference."
            )

    def _dated(self, group: Group) -> list[moving.Phase]:
        found = []
        for number, (phase, part) in enumerate(group.phases):
            starts = moment(phase, "start", self.report, zeroes=True)
            if starts is None:
                raise refused(NAME, phase.at("start"), "is missing.", "Write when the phase begins.")
            ends = self._end(group, number, phase)
            keys = self._phase_keys(phase) if part.ingestion or part.input else {}
            daily = phase.number("max_submissions_per_day", DAILY)
            total = phase.number("max_submissions", TOTAL)
            found.append(moving.Phase(phase.required("name"), starts, ends, daily, total, keys))
        return found

    def _end(self, group: Group, number: int, phase: Given) -> datetime:
        end = moment(phase, "end", self.report, zeroes=True)
        if end:
            return end
        if number + 1 < len(group.phases):
            following = moment(group.phases[number + 1][0], "start", self.report, zeroes=True)
            if following:
                self.report.changed(
                    f"{NAME}: {phase.at('end')}", "is missing; it ends when the next one starts."
                )
                return following
        told = "is missing: it never ends. A private board is shown when a phase ends, so write a date."
        self.report.changed(f"{NAME}: {phase.at('end')}", told)
        return moving.NEVER

    def _phase_keys(self, phase: Given) -> dict[str, Any]:
        return {"limits": {"wall": f"{max(1, min(86_400, phase.number('execution_time_limit', SECONDS)))} s"}}

    def _evaluation(self, task: Task, group: Group) -> Document:
        part = group.first
        path = moving.program(task, part.scoring, "scoring_program", "scoring_program", self.report)
        command = _command(part.scoring, "scoring_program")
        programs.look_at_command(command, "scoring_program", self.report)
        program: Document = {"kind": "codabench", "path": path, "splits": "same"}
        self.columns.complete(task, program, command)
        if part.ingestion:
            ingestion = moving.program(
                task, part.ingestion, "ingestion_program", "ingestion_program", self.report
            )
            told = _command(part.ingestion, "ingestion_program")
            programs.look_at_command(told, "ingestion_program", self.report)
            scoring_images.look_at_ingestion(part.ingestion, self.report)
            program["ingestion"] = {"path": ingestion}
        image = scoring_images.choose(self.given.text("docker_image"), part.scoring, self.report)
        if image != "runtime":
            program["image"] = image
        seconds = max(phase.number("execution_time_limit", SECONDS) for phase, _ in group.phases)
        program["limits"] = {"wall": f"{max(1, min(86_400, seconds))} s"}
        self.report.changed(
            "boards", "one number a column is all that the program gives, so both boards show the same."
        )
        return {"program": program, "columns": self.columns.documents}

    def _limits(self, group: Group, *, code: bool) -> Document:
        if not code:
            return {"limits": {"upload": "100 MB"}}
        seconds = [phase.number("execution_time_limit", SECONDS) for phase, _ in group.phases]
        told = "Codabench states none for memory, CPUs and uploads; 4 GB, 2 CPUs and 100 MB were written."
        self.report.changed("limits", told)
        wall = f"{max(1, min(86_400, max(seconds)))} s"
        return {"limits": {"wall": wall, "memory": "4 GB", "cpus": 2, "upload": "100 MB"}}

    def _hidden(
        self, task: Task, group: Group, documents: list[Document], *, code: bool, table: bool
    ) -> list[Document]:
        for (phase, part), document in zip(group.phases, documents, strict=True):
            place = f"hidden/{document['slug']}"
            if code:
                document["input"] = self._put(task, part.input, f"{place}/input", part.given.at("input_data"))
            reference = self._put(task, part.reference, f"{place}/reference", part.given.at("reference_data"))
            document["reference"] = _only_file(task, reference) if table else reference
            if phase.has("limits") or "limits" not in document:
                continue
            if document["limits"]["wall"] == self._limits(group, code=True)["limits"]["wall"]:
                del document["limits"]
        return documents

    def _put(self, task: Task, folder: Path | None, name: str, key: str) -> str:
        if folder is not None:
            self.report.taken(f"{NAME}: {key}", "hidden data.")
            return task.put(folder, name)
        self.report.changed(f"{NAME}: {key}", "is missing; a folder with a note took its place.")
        task.write(f"{name}/README.txt", "This phase has no data here.\n")
        return name

    def _baselines(
        self, task: Task, group: Group, documents: list[Document], *, code: bool, table: bool
    ) -> list[Document]:
        found: list[Document] = []
        for number, given in enumerate(self.given.items("solutions")):
            if given.has("key") or not given.has("path"):
                self.report.changed(f"{NAME}: {given.key}", "is a file that only its server has; left out.")
                continue
            indexes = set(given.list("tasks"))
            fitting = [
                document
                for (_, part), document in zip(group.phases, documents, strict=True)
                if part.given.text("index") in indexes
            ]
            if fitting:
                found += self._baseline(task, given, number, fitting, code=code, table=table)
        return found

    def _baseline(
        self, task: Task, given: Given, number: int, phases: list[Document], *, code: bool, table: bool
    ) -> list[Document]:
        folder = flat(self.source.folder(given.required("path"), given.at("path")), "solution")
        name = given.text("name", f"solution {number + 1}")
        several = len(phases) > 1
        self.report.taken(f"{NAME}: {given.key}", f"{name} is a baseline: `leitai check` tries it.")
        found = []
        for phase in phases:
            own = f"{name} ({phase['slug']})" if several else name
            place = f"baselines/{slug(own, f'solution-{number + 1}')}"
            file = _handed_in(task, folder, place, code=code, table=table)
            found.append({"name": own, "file": file, "phase": phase["slug"]})
        return found


def _handed_in(task: Task, folder: Path, place: str, *, code: bool, table: bool) -> str:
    if code:
        return task.put(folder, place)
    if table:
        return _only_file(task, task.put(folder, place))
    file = task.write(f"{place}.zip", "")
    (task.folder / file).write_bytes(zipped(folder))
    return file


def _only_file(task: Task, folder: str) -> str:
    files = [path for path in sorted((task.folder / folder).rglob("*")) if path.is_file()]
    if len(files) != 1:
        raise refused(
            folder, "", "holds more than the one table of the evaluation.", "Leave that alone in it."
        )
    return str(files[0].relative_to(task.folder))


def _command(folder: Path, what: str) -> str:
    for name in METADATA:
        place = folder / name
        if place.is_file():
            found = re.search(r"^command\s*:\s*(.+?)\s*$", place.read_text("utf-8", "replace"), re.MULTILINE)
            if found:
                return found[1].strip("'\"")
    raise refused(what, "", "has no metadata with a command.", "Add metadata.yaml with `command: …`.")
