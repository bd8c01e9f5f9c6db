"""The metrics by name, a module for each theme."""

from collections.abc import Mapping
from types import MappingProxyType

from evaluators.catalogue import (
    classification,
    clustering,
    correlation,
    deviance,
    distributions,
    efficiency,
    forecasts,
    fronts,
    hierarchy,
    multilabel,
    places,
    probabilities,
    ranking,
    regression,
    series,
    speech,
    survival,
    text,
    tracking,
    vision,
)
from evaluators.catalogue.info import Direction, MetricInfo, Need, Theme

__all__ = ["METRICS", "THEMES", "Direction", "MetricInfo", "Need", "Theme"]

THEMES: tuple[Theme, ...] = (
    classification,
    probabilities,
    multilabel,
    hierarchy,
    regression,
    deviance,
    forecasts,
    series,
    places,
    ranking,
    correlation,
    text,
    speech,
    vision,
    tracking,
    survival,
    clustering,
    distributions,
    fronts,
    efficiency,
)
"""In the order in which organizers read them."""

METRICS: Mapping[str, MetricInfo] = MappingProxyType(
    {info.name: info for theme in THEMES for info in theme.METRICS}
)
