"""What a run used, as scores with budgets. It is measured by whoever ran it, and handed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue import METRICS, MetricInfo
from evaluators.catalogue.efficiency import seconds, size
from evaluators.errors import Rejected
from evaluators.spec.given import Given
from evaluators.spec.scales import Range, Scale, parse_scale

OF_RUN = frozenset({"wall_time", "cpu_time", "peak_memory", "throughput"})
"""What only a program that runs has."""

DIGITS = 3
SHORTEST_S = 0.001
_KEYS = ("metric", "name")
_QUANTITIES = {
    "wall_time": "wall_s",
    "cpu_time": "cpu_s",
    "peak_memory": "peak_memory_bytes",
    "submission_size": "submission_bytes",
    "throughput": "wall_s",
}
_REJECTIONS = {
    "s": ("over_time", "used_s", "budget_s"),
    "bytes": ("over_size", "used_bytes", "budget_bytes"),
    "rows/s": ("too_slow", "rate", "least"),
}
Measured = Mapping[str, float]


@dataclass(frozen=True)
class Usage:
    """One thing that is measured: ``budget`` is the most of it, or of throughput the least.

    Beyond its budget a submission is rejected or, when ``clipped``, has the budget as its score.
    """

    info: MetricInfo
    name: str
    budget: float | None = None
    clipped: bool = False
    scale: Scale | None = None

    @property
    def names(self) -> list[str]:
        """The columns of the board that it fills."""
        return [self.name]

    @property
    def range(self) -> Range:
        """Where the score lies as it is shown."""
        return Range.of(self.info).scaled(self.scale)

    @property
    def unit(self) -> str:
        """That of the score; points have none."""
        return "" if self.scale else self.info.unit

    @property
    def quantity(self) -> str:
        """Under which name it is measured."""
        return _QUANTITIES[self.info.name]

    def used(self, measured: Measured, rows: int) -> float | None:
        """How much it was; None where it was not measured."""
        found = measured.get(self.quantity)
        if found is None or self.info.name == "submission_size":
            return found
        # Hidden data could be written into the digits beyond.
        return rounded(rows / max(found, SHORTEST_S) if self.info.name == "throughput" else found)

    def score(self, used: float) -> float:
        """The score for so much.

        Raises:
            Rejected: it is beyond the budget.
        """
        if self.budget is not None and self._is_beyond(used):
            if not self.clipped:
                code, *names = _REJECTIONS[self.info.unit]
                raise Rejected(code, metric=self.name, **dict(zip(names, (used, self.budget), strict=True)))
            used = self.budget
        return self.scale.of(used) if self.scale else float(used)

    def _is_beyond(self, used: float) -> bool:
        assert self.budget is not None
        return used < self.budget if self.info.direction == "higher" else used > self.budget


def rounded(value: float) -> float:
    """To a few significant digits."""
    return float(f"{value:.{DIGITS}g}")


def is_measured(metric: Any) -> bool:
    """Whether an entry of ``metrics`` names something that is measured and not computed."""
    name = metric.get("metric")
    return isinstance(name, str) and name in METRICS and METRICS[name].measured


def parse_usage(given: Given) -> Usage:
    """Such an entry.

    Raises:
        SpecError: it cannot be used.
    """
    info = METRICS[given.values["metric"]]
    given.check_keys([*_KEYS, *info.parameters, "scale"])
    found = {name: given.parameter(name, parameter) for name, parameter in info.parameters.items()}
    budget = found.get("cap", found.get("least"))
    if found["beyond"] and budget is None:
        key = "least" if "least" in info.parameters else "cap"
        remedy = f"Write the budget too, like {key}: {info.parameters[key].example}."
        raise given.error("beyond", f"is given without {key}.", remedy)
    read = {"s": seconds, "bytes": size}.get(info.unit, float)
    return Usage(
        info=info,
        name=given.name(info.name),
        budget=None if budget is None else read(budget),
        clipped=found["beyond"] == "clip",
        scale=parse_scale(given, info.direction),
    )


def scores(usages: Iterable[Usage], measured: Measured, rows: int) -> dict[str, float]:
    """What was measured, by the names of the scores; what was not is left out.

    Raises:
        Rejected: a submission is beyond a budget.
    """
    used = [(usage, usage.used(measured, rows)) for usage in usages]
    return {usage.name: usage.score(found) for usage, found in used if found is not None}
