"""Deviances of counts and amounts."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import POWER
from evaluators.words import N_

TITLE = N_("Deviances of counts and amounts")
_metric = partial(
    MetricInfo,
    theme="deviance",
    direction="lower",
    low=0,
    high=None,
    needs="numbers",
    example={"target": "claims"},
)
_NELDER = "Nelder and Wedderburn, Generalized linear models, 1972"

METRICS = (
    _metric(
        "poisson_deviance",
        N_("Mean Poisson deviance"),
        what=N_(
            "How much less likely the counts are than with a perfect mean, where they vary as Poisson's do."
        ),
        formula="(2/n) · Σ (y·ln(y/ŷ) − y + ŷ)",
        source=_NELDER,
        degenerate=N_(
            "Undefined where an answer is below zero or a prediction is not above zero; an answer of zero "
            "costs 2·ŷ."
        ),
    ),
    _metric(
        "gamma_deviance",
        N_("Mean gamma deviance"),
        what=N_(
            "How much less likely the amounts are than with a perfect mean, where their spread grows with "
            "it; the unit does not matter."
        ),
        formula="(2/n) · Σ (ln(ŷ/y) + y/ŷ − 1)",
        source=_NELDER,
        degenerate=N_("Undefined where an answer or a prediction is not above zero."),
    ),
    _metric(
        "tweedie_deviance",
        N_("Mean Tweedie deviance"),
        what=N_(
            "How much less likely the amounts are than with a perfect mean, where their variance grows with "
            "its power a: squared error for 0, Poisson for 1, gamma for 2, amounts with many zeros between."
        ),
        formula="(2/n) · Σ (y²⁻ᵃ/((1 − a)(2 − a)) − y·ŷ¹⁻ᵃ/(1 − a) + ŷ²⁻ᵃ/(2 − a))",
        source="Jørgensen, Exponential dispersion models, 1987",
        degenerate=N_(
            "For power 0 always defined; else undefined where a prediction is not above zero or an answer is "
            "below it, from power 2 also where an answer is zero."
        ),
        example={"target": "claims", "power": 1.5},
        parameters={"power": POWER},
    ),
)
