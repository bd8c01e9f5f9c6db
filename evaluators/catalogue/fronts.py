"""Fronts of several objectives."""

from typing import Any

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number
from evaluators.words import N_

TITLE = N_("Fronts of several objectives")
WAYS = ("min", "max")


def is_point(value: Any) -> bool:
    """Numbers."""
    return isinstance(value, list) and bool(value) and all(map(is_number, value))


def are_ways(value: Any) -> bool:
    """For each objective whether less or more of it is better."""
    return isinstance(value, list) and bool(value) and all(way in WAYS for way in value)


REFERENCE_POINT = Parameter(
    N_("a list of numbers"),
    "[11, 11]",
    is_point,
    required=True,
    what=N_(
        "The value of each objective, in the order of the columns, that a point must be better than to count."
    ),
)
DIRECTIONS = Parameter(
    N_("a list of min and max"),
    "[min, max]",
    are_ways,
    what=N_("Whether less or more of each objective is better, in the order of the columns."),
    default=N_("less of each is better"),
)

METRICS = (
    MetricInfo(
        "hypervolume",
        N_("Hypervolume"),
        what=N_(
            "How much of the space before a reference point the points of a front take: more where they are "
            "better, and where they strike more balances between the objectives."
        ),
        formula=N_("volume of all that a point is at least as good as, up to the reference point"),
        source="Zitzler and Thiele, Multiobjective evolutionary algorithms: a comparative case study, 1999",
        degenerate=N_(
            "Always defined, but for too many points: there may be 100,000 with three objectives, 1,000 with "
            "four, 100 with five. A point that is not better than the reference point in every objective "
            "adds nothing; a row that is not needed may repeat a point."
        ),
        ties=N_("Equal points count once."),
        example={"prediction": ["cost", "emissions"], "reference_point": [100, 50]},
        direction="higher",
        low=0,
        high=None,
        needs="front",
        theme="fronts",
        parameters={"reference_point": REFERENCE_POINT, "directions": DIRECTIONS},
        several=True,
        each=N_("objective"),
        least=2,
    ),
)
