"""What is known of a metric: direction, range, what it needs, and where its formula stands."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

from evaluators.parameters import Parameter

Direction = Literal["higher", "lower"]
Need = Literal["labels", "ratings", "scores", "probabilities", "numbers", "ranking", "series", "flags"]


@dataclass(frozen=True)
class MetricInfo:
    """A metric as organizers choose it.

    ``direction`` says whether higher or lower is better; ``low`` and ``high`` bound the score where it has
    bounds. The formula is the function ``name`` of the module ``evaluators.formulas.<theme>``.

    A prediction is one column; for ``several`` one, or one for ``each`` class, ``least`` of them or more; for
    ``columns`` one for each of these meanings, as for ``target_columns`` on the side of the reference.
    ``beside`` are further keys that name a column of the reference, with their meanings. A ranking which may
    be ``overall`` is one list without a group. A metric ``by_column`` compares a list of targets, each with a
    prediction of its own.
    """

    name: str
    title: str
    _: KW_ONLY
    direction: Direction
    low: float | None
    high: float | None
    needs: Need
    theme: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    several: bool = False
    each: str = "class"
    least: int = 1
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    overall: bool = False
    by_column: bool = False
