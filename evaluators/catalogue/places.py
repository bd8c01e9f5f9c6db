"""Errors of directions and places."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import RADIUS
from evaluators.words import N_

TITLE = N_("Directions and places")
_metric = partial(MetricInfo, theme="places", direction="lower", low=0, high=None, needs="numbers")
_PLACE = ("latitude", "longitude")

METRICS = (
    _metric("angular_error", "Mean angular error", high=180),
    _metric(
        "haversine_distance",
        "Mean haversine distance",
        parameters={"radius": RADIUS},
        columns=_PLACE,
        target_columns=_PLACE,
    ),
)
