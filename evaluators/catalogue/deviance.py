"""Deviances of counts and amounts."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.parameters import POWER
from evaluators.words import N_

TITLE = N_("Deviances of counts and amounts")
_metric = partial(MetricInfo, theme="deviance", direction="lower", low=0, high=None, needs="numbers")

METRICS = (
    _metric("poisson_deviance", "Mean Poisson deviance"),
    _metric("gamma_deviance", "Mean gamma deviance"),
    _metric("tweedie_deviance", "Mean Tweedie deviance", parameters={"power": POWER}),
)
