"""Reading a bundle: all files, all problems at once, or a bundle that can be applied."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from leitai.competitions.bundle import program_checks
from leitai.competitions.bundle.checks import competition_problems, task_problems
from leitai.competitions.bundle.errors import BundleError, Problem
from leitai.competitions.bundle.explaining import explain
from leitai.competitions.bundle.files import Context, resolve
from leitai.competitions.bundle.schema import CompetitionSpec, TaskSpec
from leitai.competitions.bundle.yaml_reader import read_yaml

NAME = "competition.yaml"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class LoadedTask:
    """A task and where it was written: file and key for messages."""

    spec: TaskSpec
    track: str
    file: str
    key: str


@dataclass(frozen=True)
class Bundle:
    """A bundle without a problem."""

    root: Path
    competition: CompetitionSpec
    tasks: tuple[LoadedTask, ...]


def load_bundle(path: Path, now: datetime) -> Bundle:
    """Read the bundle in a folder (or the competition.yaml in it); relative dates are counted from ``now``.

    Raises:
        BundleError: it has problems; all of them are listed.
    """
    root = (path.parent if path.name == NAME else path).resolve()
    if not (root / NAME).is_file():
        raise BundleError([Problem(str(path), "", f"has no {NAME}.", "Name the folder of a bundle.")])
    reading = _Reading(root, now)
    return reading.bundle()


class _Reading:
    def __init__(self, root: Path, now: datetime) -> None:
        self.root = root
        self.now = now
        self.problems: list[Problem] = []

    def bundle(self) -> Bundle:
        document = read_yaml(self.root / NAME, NAME)
        competition = self._validated(CompetitionSpec, document, NAME, "", self.root)
        tasks = self._tasks(document)
        if competition:
            specs = [(task.spec, task.file, task.key) for task in tasks]
            self.problems += competition_problems(competition, specs, NAME)
        if self.problems or competition is None:
            raise BundleError(self.problems)
        return Bundle(self.root, competition, tuple(tasks))

    def _tasks(self, document: dict[str, Any]) -> list[LoadedTask]:
        # Read from the raw document, so that a fault elsewhere does not hide those of the tasks.
        found = []
        for number, track in enumerate(_list(document.get("tracks"))):
            items = _list(track.get("tasks")) if isinstance(track, dict) else []
            for position, item in enumerate(items):
                key = f"tracks[{number}].tasks[{position}]"
                if task := self._task(item, str(track.get("slug")), key):
                    found.append(task)
        return found

    def _task(self, item: Any, track: str, key: str) -> LoadedTask | None:
        if isinstance(item, dict):
            return self._loaded(item, track, NAME, key, self.root)
        if not isinstance(item, str):
            return None
        try:
            path = resolve(item, self.root, self.root).path
            shown = str(path.relative_to(self.root))
            return self._loaded(read_yaml(path, shown), track, shown, "", path.parent)
        except PydanticCustomError as error:
            context = error.context or {}
            self.problems.append(Problem(NAME, key, context["problem"], context["remedy"]))
        except IsADirectoryError:
            self.problems.append(Problem(NAME, key, f"{item!r} is a folder.", "Name its task.yaml."))
        except BundleError as error:
            self.problems += error.problems
        return None

    def _loaded(
        self, document: dict[str, Any], track: str, file: str, key: str, folder: Path
    ) -> LoadedTask | None:
        spec = self._validated(TaskSpec, document, file, key, folder)
        if spec is None:
            return None
        self.problems += task_problems(spec, file, key)
        self.problems += [
            Problem(file, f"{key}.{place}" if key else place, problem, remedy)
            for place, problem, remedy in program_checks.faults(spec, self.root, folder)
        ]
        return LoadedTask(spec, track, file, key)

    def _validated(
        self, model: type[Model], document: dict[str, Any], file: str, key: str, folder: Path
    ) -> Model | None:
        context = Context(root=self.root, folder=folder, now=self.now)
        try:
            return model.model_validate(document, context=context)
        except ValidationError as error:
            self.problems += explain(error.errors(), model, file, key)
            return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
