"""Labels in a tree."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import F_BETA, PARENTS
from evaluators.words import N_

TITLE = N_("Hierarchies of labels")
_metric = partial(MetricInfo, theme="hierarchy", direction="higher", low=0, high=1, needs="paths")

METRICS = (
    _metric(
        "hierarchical_f",
        N_("Hierarchical F"),
        what=N_(
            "F of labels with all their ancestors, counted over all rows: a wrong leaf of the right branch "
            "is right in part."
        ),
        formula="(1 + β²)·Σ|Y ∩ Ŷ| / (β²·Σ|Y| + Σ|Ŷ|)",
        source="Kiritchenko et al., Learning and evaluation in the presence of class hierarchies, 2006",
        degenerate=N_(
            "Always defined; 0 where no row has the top of its answer. Constant labels are nothing special."
        ),
        example={"target": "species", "parents": {"cat": "mammal", "dog": "mammal", "crow": "bird"}},
        parameters={"parents": PARENTS, "beta": F_BETA},
    ),
)
