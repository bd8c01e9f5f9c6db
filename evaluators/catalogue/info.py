"""What is known of a metric: its words, direction, range, what it needs, and where its formula stands."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal, Protocol

from evaluators.catalogue.parameters import Parameter
from evaluators.words import N_

Direction = Literal["higher", "lower"]
Need = Literal[
    "labels",
    "paths",
    "ratings",
    "scores",
    "probabilities",
    "numbers",
    "ranking",
    "items",
    "series",
    "flags",
    "survival",
    "curves",
    "clusters",
    "distributions",
    "front",
    "usage",
    "texts",
    "free_texts",
    "sequences",
    "outcomes",
    "masks",
    "images",
    "boxes",
    "instances",
    "tracks",
]


@dataclass(frozen=True)
class MetricInfo:
    """A metric as organizers choose it, with all that its page in the catalogue says.

    ``what`` is one sentence; in the ``formula`` y is the answer, ŷ the prediction, n the number of rows. The
    ``source`` cites who defined it. ``degenerate`` says what comes of constant input, one class, zeros, and
    ``ties`` of equal scores; what no rows and no finite numbers lead to is the same for all. Words are marked
    with ``N_``. The ``example`` is what stands beside ``metric`` in a task.

    ``direction`` says whether higher or lower is better; ``low`` and ``high`` bound the score where it has
    bounds. What computes is the function ``name`` of the module ``evaluators.formulas.<theme>``.

    A prediction is one column; for ``several`` one, or one for ``each`` class, ``least`` of them or more; for
    ``columns`` one for each of these meanings, as for ``target_columns`` on the side of the reference.
    ``beside`` are further keys that name a column of the reference, with their meanings. A ranking which may
    be ``overall`` is one list without a group. A metric ``by_column`` compares a list of targets, each with a
    prediction of its own; one of several ``references`` compares one prediction with a list of targets. Texts
    may have ``longest`` characters where a task says nothing else. ``libraries`` are those whose version its
    digits may depend on. What needs ``usage`` is ``measured`` in a ``unit`` and has nothing to be called.
    """

    name: str
    title: str
    _: KW_ONLY
    what: str = ""
    formula: str = ""
    source: str = ""
    degenerate: str = ""
    ties: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    direction: Direction
    low: float | None
    high: float | None
    needs: Need
    theme: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    several: bool = False
    each: str = N_("class")
    least: int = 1
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    overall: bool = False
    by_column: bool = False
    unit: str = ""
    references: bool = False
    longest: int = 10_000
    libraries: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether it says what a run used, and compares nothing."""
        return self.needs == "usage"

    @property
    def entry(self) -> dict[str, Any]:
        """The example as a task writes it under ``metrics``."""
        return {"metric": self.name, **self.example}


class Theme(Protocol):
    """A module of the catalogue: a heading, and its metrics in the order in which people read them."""

    @property
    def TITLE(self) -> str:  # noqa: N802 a constant of the module
        """The heading, marked with ``N_``."""

    @property
    def METRICS(self) -> tuple[MetricInfo, ...]:  # noqa: N802 a constant of the module
        """The entries."""
