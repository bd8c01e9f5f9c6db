"""What became of a competition on its way to another format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from leitai.competitions.bundle.errors import BundleError, Problem

Fate = Literal["taken", "changed", "cannot"]


@dataclass(frozen=True)
class Line:
    """One thing: where it stood, what became of it, and why, or what to do."""

    fate: Fate
    what: str
    told: str


@dataclass
class Report:
    """Lines in the order in which they were found; each is told once."""

    lines: list[Line] = field(default_factory=list)

    def taken(self, what: str, told: str = "") -> None:
        """It is there as it was."""
        self._add(Line("taken", what, told))

    def changed(self, what: str, told: str) -> None:
        """It is there, but otherwise; ``told`` says how and why."""
        self._add(Line("changed", what, told))

    def cannot(self, what: str, told: str) -> None:
        """It does not work as it stands; ``told`` says why and what to do."""
        self._add(Line("cannot", what, told))

    def _add(self, line: Line) -> None:
        if line not in self.lines:
            self.lines.append(line)

    def of(self, fate: Fate) -> Sequence[Line]:
        """The lines of one kind."""
        return [line for line in self.lines if line.fate == fate]


def refused(file: str, key: str, problem: str, remedy: str) -> BundleError:
    """The whole import cannot be done; nothing was written."""
    return BundleError([Problem(file, key, problem, remedy)])
