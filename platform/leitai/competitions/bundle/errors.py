"""What is wrong with a bundle: every problem with its file, its key and a remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that must be mended before the bundle can be used."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.problem} {self.remedy}".rstrip()


class BundleError(Exception):
    """The bundle cannot be used; all of its problems are listed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def refuse(problem: str, remedy: str, key: str = "") -> PydanticCustomError:
    """An error for a validator to raise; ``key`` is appended to the place where the validator stands."""
    context = {"problem": problem, "remedy": remedy, "key": key}
    return PydanticCustomError("bundle", "{problem}", context)
