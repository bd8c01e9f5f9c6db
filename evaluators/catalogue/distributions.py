"""How far apart two distributions are."""

from functools import partial
from itertools import pairwise
from typing import Any

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number
from evaluators.words import N_

TITLE = N_("Distributions")


def are_rising(value: Any) -> bool:
    """Numbers from low to high."""
    if not isinstance(value, list) or not value or not all(map(is_number, value)):
        return False
    return all(low < high for low, high in pairwise(value))


POSITIONS = Parameter(
    N_("a list of rising numbers"),
    "[0, 10, 25]",
    are_rising,
    what=N_("Where the column stands on the scale that it is a part of, for each column in the same order."),
    default=N_("columns are one apart"),
)
_metric = partial(MetricInfo, theme="distributions", direction="lower", low=0)
_of_rows = partial(
    _metric,
    needs="distributions",
    example={"target": ["low", "middle", "high"]},
    each=N_("part"),
    least=2,
    by_column=True,
)
_DEFINED = N_("Always defined: rows are divided by their sum first.")

METRICS = (
    _of_rows(
        "kl_divergence",
        N_("Kullback-Leibler divergence"),
        what=N_(
            "The mean over rows of what it costs to take the prediction for the true distribution, in nats."
        ),
        formula="(1/n) · Σ Σ y·ln(y / ŷ)",
        source="Kullback and Leibler, On information and sufficiency, 1951",
        degenerate=N_(
            "Always defined: rows are divided by their sum first, and the shares of a prediction are kept "
            "above 2.2·10⁻¹⁶, so that what was held impossible costs up to 36."
        ),
        high=None,
    ),
    _of_rows(
        "js_divergence",
        N_("Jensen-Shannon divergence"),
        what=N_("The mean over rows of how far both distributions are from their middle, in bits."),
        formula="(1/n) · Σ ½·(Σ y·log₂(y/m) + Σ ŷ·log₂(ŷ/m)),  m = (y + ŷ)/2",
        source="Lin, Divergence measures based on the Shannon entropy, 1991",
        degenerate=_DEFINED,
        high=1,
    ),
    _of_rows(
        "earth_movers_distance",
        N_("Earth mover's distance"),
        what=N_(
            "The mean over rows of the work that makes the prediction the true distribution: share by share, "
            "the way along the order of the columns."
        ),
        formula=N_("mean over rows of Σ |Y − Ŷ| · gap,  Y and Ŷ being sums up to each column"),
        source="Rubner, Tomasi and Guibas, The earth mover's distance, 2000",
        degenerate=_DEFINED,
        high=None,
        parameters={"positions": POSITIONS},
    ),
    _metric(
        "wasserstein_distance",
        N_("Wasserstein distance of two samples"),
        what=N_(
            "How far the values of a column are from those of the answers as a whole, whichever row they "
            "stand in."
        ),
        formula=N_("(1/n) · Σ |y − ŷ|, both in order"),
        source="Vaserstein, Markov processes over denumerable products of spaces, 1969",
        degenerate=N_("Always defined; each split is a sample of its own."),
        example={"target": "income", "prediction": "generated"},
        high=None,
        needs="numbers",
    ),
)
