"""Errors of directions and places."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import RADIUS
from evaluators.words import N_

TITLE = N_("Directions and places")
_metric = partial(MetricInfo, theme="places", direction="lower", low=0, high=None, needs="numbers")
_PLACE = (N_("latitude"), N_("longitude"))

METRICS = (
    _metric(
        "angular_error",
        N_("Mean angular error"),
        what=N_("The mean of the smaller angle between two directions, in degrees: 359 is 2 away from 1."),
        formula="(1/n) · Σ min(|y − ŷ|, 360° − |y − ŷ|)",
        source="Fisher, Statistical Analysis of Circular Data, 1993",
        degenerate=N_("Always defined; whole turns count for nothing."),
        example={"target": "heading"},
        high=180,
    ),
    _metric(
        "haversine_distance",
        N_("Mean haversine distance"),
        what=N_("The mean distance of two places on a globe, in km or the unit of the radius."),
        formula="(1/n) · Σ 2R·arcsin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2))",
        source="Sinnott, Virtues of the haversine, 1984",
        degenerate=N_(
            "Undefined where a latitude is beyond 90; whole turns of a longitude count for nothing."
        ),
        example={"target": ["lat", "lon"]},
        parameters={"radius": RADIUS},
        columns=_PLACE,
        target_columns=_PLACE,
    ),
)
