"""How alike two groupings are, whatever their clusters are called."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number
from evaluators.words import N_

TITLE = N_("Clusters")
MEANS = ("arithmetic", "geometric", "min", "max")
MEAN = Parameter(
    N_("one of arithmetic, geometric, min, max"),
    "arithmetic",
    lambda v: v in MEANS,
    what=N_("The mean of both entropies by which mutual information is divided."),
    default="`arithmetic`",
)
V_BETA = Parameter(
    N_("a number above 0 and up to 1000"),
    "1",
    lambda v: is_number(v) and 0 < v <= 1000,
    what=N_("Completeness counts this many times as much as homogeneity."),
    default="`1`",
)
_metric = partial(
    MetricInfo,
    theme="clustering",
    direction="higher",
    low=0,
    high=1,
    needs="clusters",
    example={"target": "topic", "prediction": "cluster"},
)
_ROSENBERG = "Rosenberg and Hirschberg, V-measure, 2007"

METRICS = (
    _metric(
        "adjusted_rand",
        N_("Adjusted Rand index"),
        what=N_(
            "The share of pairs of rows on which both groupings agree, with chance taken out: 0 is chance."
        ),
        formula=N_("(pairs together in both − expected) / (mean of pairs together in each − expected)"),
        source="Hubert and Arabie, Comparing partitions, 1985",
        degenerate=N_(
            "Always defined: 1 where both sides group alike, as one cluster or as one for each row, too."
        ),
        low=-0.5,
    ),
    _metric(
        "normalized_mutual_information",
        N_("Normalized mutual information"),
        what=N_("What one grouping tells of the other, as a share of what either could tell."),
        formula=N_("I(y, ŷ) / mean of H(y) and H(ŷ)"),
        source="Strehl and Ghosh, Cluster ensembles, 2002",
        degenerate=N_("Always defined: 1 where both sides are one cluster, 0 where one side is."),
        parameters={"mean": MEAN},
    ),
    _metric(
        "homogeneity",
        N_("Homogeneity"),
        what=N_("How far each predicted cluster holds rows of one true cluster alone."),
        formula="1 − H(y | ŷ) / H(y)",
        source=_ROSENBERG,
        degenerate=N_("Always defined: 1 where the target is one cluster. Ever smaller clusters raise it."),
    ),
    _metric(
        "completeness",
        N_("Completeness"),
        what=N_("How far the rows of each true cluster are together in one predicted cluster."),
        formula="1 − H(ŷ | y) / H(ŷ)",
        source=_ROSENBERG,
        degenerate=N_("Always defined: 1 where the prediction is one cluster."),
    ),
    _metric(
        "v_measure",
        N_("V-measure"),
        what=N_("The weighted harmonic mean of homogeneity h and completeness c."),
        formula="(1 + β)·h·c / (β·h + c)",
        source=_ROSENBERG,
        degenerate=N_("Always defined: 0 where homogeneity and completeness are 0."),
        parameters={"beta": V_BETA},
    ),
)
