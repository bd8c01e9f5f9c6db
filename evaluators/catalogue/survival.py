"""The time until an event, which is not seen of everybody."""

from functools import partial
from itertools import pairwise
from typing import Any

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number, one_of
from evaluators.words import N_

TITLE = N_("Survival")
_PAIR = (N_("time"), N_("event"))


def are_times(value: Any) -> bool:
    """Numbers from 0 up, from low to high."""
    if not isinstance(value, list) or not value or not all(map(is_number, value)):
        return False
    return value[0] >= 0 and all(low < high for low, high in pairwise(value))


PREDICTS = one_of(
    N_("one of risk, time"),
    N_(
        "What is predicted: a risk, which is higher for an earlier event, or the time itself, or what rises "
        "with it."
    ),
    "risk",
    "time",
)
TIMES = Parameter(
    N_("a list of rising numbers from 0"),
    "[30, 90, 365]",
    are_times,
    required=True,
    what=N_(
        "The time of each column, in the unit of the target. In each split somebody must be followed up "
        "longer than the last one."
    ),
)
_metric = partial(MetricInfo, theme="survival", target_columns=_PAIR)

METRICS = (
    _metric(
        "concordance_index",
        N_("Concordance index"),
        what=N_(
            "How often of two rows the one with the earlier event has the higher risk. Pairs count whose "
            "earlier time is that of an event."
        ),
        formula=N_("(pairs in order + ½ · pairs with equal predictions) / comparable pairs"),
        source="Harrell et al., Evaluating the yield of medical tests, 1982",
        degenerate=N_(
            "Undefined where no two rows can be compared: without an event that somebody outlasts. ½ for "
            "constant predictions."
        ),
        ties=N_(
            "Of equal times, two events are not compared; an event and a follow-up that ends then are, the "
            "event coming first. Equal predictions count half, whatever their distance in the last digits."
        ),
        example={"target": ["days", "died"], "prediction": "risk"},
        direction="higher",
        low=0,
        high=1,
        needs="survival",
        parameters={"predicts": PREDICTS},
    ),
    _metric(
        "integrated_brier",
        N_("Integrated Brier score"),
        what=N_(
            "The squared error of the probability to survive beyond a time, averaged over time; rows whose "
            "follow-up ended before are made up for by the weight 1/G of the others. G, the share of "
            "follow-ups that last beyond a time, is the Kaplan-Meier estimate from the rows of the split "
            "itself. With one time it is the Brier score at that time."
        ),
        formula="1/(t₂ − t₁) · ∫ (1/n) · Σ (S(t)²·[y ≤ t, event]/G(y) + (1 − S(t))²·[y > t]/G(t)) dt",
        source="Graf et al., Assessment and comparison of prognostic classification schemes, 1999",
        degenerate=N_(
            "Undefined where in a split nobody is followed up longer than the last of the times. Between the "
            "times the score is taken to be on straight lines. A curve that rises is taken as it is."
        ),
        ties=N_("An event at a time comes before the end of a follow-up at the same time."),
        example={
            "target": ["days", "died"],
            "prediction": ["s30", "s90", "s365"],
            "times": [30, 90, 365],
        },
        direction="lower",
        low=0,
        high=None,
        needs="curves",
        parameters={"times": TIMES},
        several=True,
        each=N_("time"),
    ),
)
