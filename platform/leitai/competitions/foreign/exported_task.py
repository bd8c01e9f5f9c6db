"""One task as Codabench has it: for each phase a task of its own, and a phase."""

import io
import json
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

import evaluators
from leitai.competitions.bundle.schema import Baseline, PhaseSpec, TaskSpec
from leitai.competitions.foreign import codabench_columns, moving, own_scoring
from leitai.competitions.foreign.dates import shown
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.writing import Document, slug, write_yaml

TRAVELLING = Path(__file__).parent / "travelling"
IMAGES = {"legacy": "codalab/codalab-legacy:py37"}
IMAGE = "codalab/codalab-legacy:py312"
PACKAGES = {"numpy": "numpy", "polars": "polars", "scipy": "scipy", "sklearn": "scikit-learn"}
DIGITS = 6
KIT, OPEN = "starting-kit.zip", "public-data.zip"


@dataclass(frozen=True)
class Exported:
    """What a task gives to the bundle."""

    tasks: list[Document]
    phases: list[Document]
    solutions: list[Document]
    leaderboard: Document
    docker_image: str


def export_task(task: TaskSpec, number: int, count: int, folder: Path, report: Report) -> Exported:
    """Write the files of one task; ``number`` of so many.

    Raises:
        BundleError: it cannot be said in Codabench's format.
    """
    return _Exporting(task, number, count, folder, report).exported()


class _Exporting:
    def __init__(self, task: TaskSpec, number: int, count: int, folder: Path, report: Report) -> None:
        self.task, self.report = task, report
        self.prefix = "" if count == 1 else f"{task.slug}/"
        self.folder = folder / self.prefix if self.prefix else folder
        self.folder.mkdir(exist_ok=True)
        self.first = number * len(task.phases)
        self.name = "" if count == 1 else task.title.en
        self.program: dict[str, Any] = task.evaluation.get("program") or {}

    def exported(self) -> Exported:
        if self.program and self.program["kind"] != "codabench":
            problem = f"is a program in the form of {self.program['kind']}, which Codabench cannot run."
            remedy = "Wrap it into a program with a command that reads /app/input and writes /app/output."
            raise refused(self.task.slug, "evaluation.program", problem, remedy)
        if self.program.get("splits") == "folders":
            problem = "runs once for each part of the reference, and Codabench runs it once."
            raise refused(self.task.slug, "evaluation.program.splits", problem, "Write `splits: keys`.")
        if self.task.image:
            told = (
                "was left out: Codabench pulls images from a registry. Push it, and name it as docker_image."
            )
            self.report.changed("image", told)
        leaderboard = self._program_board() if self.program else self._own_board()
        return Exported(
            [self._task(phase, number) for number, phase in enumerate(self.task.phases)],
            self._phases(),
            [self._solution(baseline) for baseline in self.task.baselines],
            leaderboard,
            IMAGES.get(str(self.program.get("image", "")), IMAGE),
        )

    # programs and boards

    def _program_board(self) -> Document:
        source = self.task_folder(self.program["path"])
        target = self.folder / "scoring_program"
        ours = {codabench_columns.COMPUTED.name, codabench_columns.SETTINGS, "__pycache__"}
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*ours))
        settings = source / codabench_columns.SETTINGS
        computed = moving.read_json(settings) if settings.is_file() else {"columns": {}}
        if "command" not in computed:
            self._command(target, str(self.program["command"]))
        if ingestion := self.program.get("ingestion"):
            place = self.folder / "ingestion_program"
            shutil.copytree(self.task_folder(ingestion["path"]), place)
            self._command(place, str(ingestion["command"]))
        elif self.task.kind == "code":
            self._own_ingestion()
        self.report.taken("scoring program", "as it is, with its command.")
        return {
            "title": "Results",
            "key": "main",
            "primary_index": 0,
            "columns": self._columns(computed["columns"]),
        }

    def task_folder(self, named: str) -> Path:
        """A folder beside the task's file: its references lie there too."""
        return next(
            place / named for place in self.task.phases[0].reference.path.parents if (place / named).is_dir()
        )

    def _command(self, program: Path, command: str) -> None:
        """Have the command in the program's metadata, where it does not stand there already."""
        for name in ("metadata.yaml", "metadata"):
            place = program / name
            if place.is_file():
                if command in place.read_text("utf-8", "replace"):
                    return
                place.unlink()
        write_yaml(program / "metadata.yaml", {"command": command})

    def _columns(self, computed: dict[str, Any]) -> list[Document]:
        columns = self.task.evaluation["columns"]
        found: list[Document] = []
        for column in columns:
            key = column.get("key", column["name"])
            found.append(_column(column, key if isinstance(key, str) else key["public"], len(found)))
        for column in columns:
            if isinstance(column.get("key"), dict):
                found.append({**_column(column, column["key"]["private"], len(found)), "hidden": True})
        keys = [column["key"] for column in found]
        for needed in {name for entry in computed.values() for name in entry["of"]} - set(keys):
            keys.append(needed)
            found.append({"title": needed, "key": needed, "index": len(found), "hidden": True})
        for column in found:
            if entry := computed.get(column["key"]):
                column["computation"] = entry["computation"]
                column["computation_indexes"] = [keys.index(name) for name in entry["of"]]
        return found

    def _own_board(self) -> Document:
        columns = evaluators.columns(self.task.evaluation)
        program = self.folder / "scoring_program"
        program.mkdir()
        with tarfile.open(fileobj=io.BytesIO(evaluators.source())) as archive:
            archive.extractall(program, filter="data")
        shutil.copyfile(TRAVELLING / "score.py", program / "score.py")
        settings = {
            "evaluation": self.task.evaluation,
            "code": self.task.kind == "code",
            "names": [column.name for column in columns],
            "packages": {module: _pinned(name) for module, name in PACKAGES.items()},
        }
        text = json.dumps(settings, ensure_ascii=False, indent=2)
        (program / own_scoring.SETTINGS).write_text(text + "\n", encoding="utf-8", newline="\n")
        write_yaml(program / "metadata.yaml", {"command": "python3 $program/score.py $input $output"})
        if self.task.kind == "code":
            self._own_ingestion()
        told = "travel along as a scoring program, with the evaluator that scores here."
        self.report.changed("metrics", f"{told} It fetches what the image does not have when it runs.")
        return {
            "title": "Results",
            "key": "main",
            "primary_index": 0,
            "columns": [
                {
                    "title": column.name if split == "public" else f"{column.name} (private)",
                    "key": f"{split}_{number}",
                    "index": number + (split == "private") * len(columns),
                    "sorting": "desc" if column.direction == "higher" else "asc",
                    "precision": DIGITS,
                    **({"hidden": True} if split == "private" else {}),
                }
                for split in ("public", "private")
                for number, column in enumerate(columns)
            ],
        }

    def _own_ingestion(self) -> None:
        place = self.folder / "ingestion_program"
        place.mkdir()
        shutil.copyfile(TRAVELLING / "ingest.py", place / "ingest.py")
        command = "python3 $ingestion_program/ingest.py $input $output $submission_program"
        write_yaml(place / "metadata.yaml", {"command": command})
        (place / own_scoring.SETTINGS).write_text('{"ingestion": "leitai"}\n', encoding="utf-8")
        self.report.changed("programs", "are started by an ingestion program of ours, as predict.py or run.")

    # tasks and phases

    def _task(self, phase: PhaseSpec, number: int) -> Document:
        found: Document = {
            "index": self.first + number,
            "name": self.name or phase.title.en,
            "scoring_program": f"{self.prefix}scoring_program",
            "reference_data": self._copied(phase.reference.path, f"reference_data/{phase.slug}"),
        }
        if phase.input:
            found["input_data"] = self._copied(phase.input.path, f"input_data/{phase.slug}")
        if (self.folder / "ingestion_program").is_dir():
            found["ingestion_program"] = f"{self.prefix}ingestion_program"
        return found

    def _copied(self, source: Path, name: str) -> str:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.mkdir()
            shutil.copyfile(source, target / source.name)
        return f"{self.prefix}{name}"

    def _phases(self) -> list[Document]:
        data = self._open_data()
        found: list[Document] = [
            {
                "index": number,
                "name": phase.title.en,
                "start": shown(phase.starts.at),
                "end": shown(phase.ends.at),
                "max_submissions_per_day": phase.daily_limit,
                "max_submissions": phase.total_limit,
                "execution_time_limit": self._seconds(phase),
                **(data if number == 0 else {}),
            }
            for number, phase in enumerate(self.task.phases)
        ]
        for (earlier, document), (later, _) in pairwise(zip(self.task.phases, found, strict=True)):
            if earlier.ends.at >= later.starts.at:
                document["end"] = shown(later.starts.at - timedelta(seconds=1))
        if self.task.phases[-1].ends.at == moving.NEVER:
            del found[-1]["end"]
        self._told()
        return found

    def _seconds(self, phase: PhaseSpec) -> int:
        if self.task.kind == "code":
            return max(1, round(self.task.limits_in(phase).wall))
        wall = (self.program.get("limits") or {}).get("wall", "")
        return int(str(wall).removesuffix(" s")) if str(wall).endswith(" s") else 600

    def _told(self) -> None:
        for phase in self.task.phases:
            if phase.starts.relative or phase.ends.relative:
                told = "is counted from the first apply here; in the export it is a date."
                self.report.changed(f"phase {phase.slug}", told)
            if phase.advance:
                self.report.changed(
                    f"phase {phase.slug}: advance", "everybody takes part in every phase there."
                )

    def _open_data(self) -> Document:
        files = [data.file.path for data in self.task.data]
        found: Document = {}
        if kit := next((path for path in files if path.name == KIT), None):
            shutil.copyfile(kit, self.folder / KIT)
            found["starting_kit"] = f"{self.prefix}{KIT}"
        rest = [path for path in files if path.name != KIT]
        if [path.name for path in rest] == [OPEN]:
            shutil.copyfile(rest[0], self.folder / OPEN)
            found["public_data"] = f"{self.prefix}{OPEN}"
        elif rest:
            place = self.folder / "public_data"
            place.mkdir()
            for path in rest:
                shutil.copyfile(path, place / path.name)
            found["public_data"] = f"{self.prefix}public_data"
        return found

    def _solution(self, baseline: Baseline) -> Document:
        phases: Sequence[str] = [phase.slug for phase in self.task.phases]
        place = f"solutions/{slug(baseline.name, 'solution')}"
        path = baseline.file.path
        if path.suffix == ".zip" and path.is_file():
            target = self.folder / f"{place}.zip"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            named = f"{self.prefix}{place}.zip"
        else:
            named = self._copied(path, place)
        number = phases.index(baseline.phase) if baseline.phase else 0
        return {"tasks": [self.first + number], "name": baseline.name, "path": named}


def _column(column: dict[str, Any], key: str, index: int) -> Document:
    return {
        "title": column["name"],
        "key": key,
        "index": index,
        "sorting": "desc" if column["direction"] == "higher" else "asc",
        "precision": column.get("precision", codabench_columns.PRECISION),
    }


def _pinned(name: str) -> str:
    try:
        return f"{name}=={version(name)}"
    except PackageNotFoundError:
        return name
