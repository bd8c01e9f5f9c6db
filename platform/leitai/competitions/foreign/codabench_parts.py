"""The parts of a Codabench bundle: its tasks with their files, and which of them are one task here."""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leitai.competitions.bundle.archives import write_folder_tar
from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign.own_scoring import SETTINGS
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.unpacking import Source
from leitai.competitions.foreign.values import Given

UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


@dataclass
class Part:
    """One of Codabench's tasks, with its files."""

    given: Given
    scoring: Path
    reference: Path | None
    input: Path | None
    ingestion: Path | None

    @property
    def programs(self) -> str:
        """By which programs it is scored, as a digest: phases with others become tasks of their own."""
        digest = hashlib.sha256()
        for folder in (self.scoring, self.ingestion):
            stream = io.BytesIO()
            if folder:
                write_folder_tar(folder, stream)
            digest.update(stream.getvalue() + b"/")
        return digest.hexdigest()


@dataclass
class Group:
    """What becomes one task: phases, each with one part, scored by the same programs."""

    phases: list[tuple[Given, Part]] = field(default_factory=list)

    @property
    def first(self) -> Part:
        """The part of the first phase."""
        return self.phases[0][1]


class Parts:
    """Finds what phases and tasks name; each folder is opened once."""

    def __init__(self, source: Source, given: Given, report: Report) -> None:
        self.source, self.given, self.report = source, given, report
        self.parts: dict[str, Part] = {}
        self.opened: dict[str, Path] = {}

    def phases(self) -> list[Given]:
        """The phases in their order.

        Raises:
            BundleError: there are none.
        """
        found = self.given.items("phases")
        if not found:
            raise refused(NAME, "phases", "is empty.", "A competition has one phase at least.")
        return sorted(found, key=lambda phase: phase.number("index", 0))

    def groups(self, phases: Sequence[Given]) -> list[Group]:
        """What becomes one task each.

        Raises:
            BundleError: a phase or task lacks something, or cannot be done here.
        """
        groups: dict[tuple[int, str], Group] = {}
        for phase in phases:
            names = phase.list("tasks")
            if not names:
                raise refused(NAME, phase.at("tasks"), "is empty.", "Name the index of a task.")
            for position, name in enumerate(names):
                part = self._part(name, phase.at("tasks"))
                group = groups.setdefault((position, part.programs), Group())
                group.phases.append((phase, part))
        if len(groups) > 1:
            told = f"became {len(groups)} tasks of a track: here one file is scored by one program."
            self.report.changed(f"{NAME}: tasks", told)
        return list(groups.values())

    def _part(self, index: str, key: str) -> Part:
        if index not in self.parts:
            given = next((task for task in self.given.items("tasks") if task.text("index") == index), None)
            if given is None:
                raise refused(NAME, key, f"no task has the index {index}.", "Correct the index.")
            self.parts[index] = self._read(given)
        return self.parts[index]

    def _read(self, given: Given) -> Part:
        if given.has("key"):
            problem = f"{given.text('key')} is a task that only its Codabench server has."
            raise refused(
                NAME, given.at("key"), problem, "Download the bundle with its files, and import that."
            )
        ingestion = self.folder(given, "ingestion_program")
        if ingestion and (ingestion / SETTINGS).is_file():
            ingestion = None  # ours: it starts predict.py or run, as is done here anyway
        if ingestion and given.flag("ingestion_only_during_scoring"):
            raise refused(
                NAME,
                given.at("ingestion_only_during_scoring"),
                "lets the submission run beside the reference, where a program could read the answers.",
                "Let the ingestion program run before scoring, with what teams may see as its input_data; "
                "the scoring program then compares the files that it wrote.",
            )
        scoring = self.folder(given, "scoring_program")
        if scoring is None:
            raise refused(NAME, given.at("scoring_program"), "is missing.", "Name the folder of the program.")
        return Part(
            given,
            scoring,
            self.folder(given, "reference_data"),
            self.folder(given, "input_data"),
            ingestion,
        )

    def folder(self, given: Given, key: str) -> Path | None:
        """The folder that a key names, an archive unpacked; None where it names nothing.

        Raises:
            BundleError: it is not in the bundle.
        """
        named = given.text(key)
        if not named:
            return None
        if UUID.match(named):
            problem = f"{named} is a file that only its Codabench server has."
            raise refused(
                NAME, given.at(key), problem, "Download the bundle with its files, and import that."
            )
        if named not in self.opened:
            self.opened[named] = flat(self.source.folder(named, given.at(key)), key)
        return self.opened[named]


def flat(folder: Path, key: str) -> Path:
    """An archive that holds nothing but one folder means what that holds, if it is a program."""
    inside = [path for path in folder.iterdir() if path.name != "__MACOSX"]
    if key.endswith("program") and len(inside) == 1 and inside[0].is_dir():
        return inside[0]
    return folder
