"""Rows with several labels: a list of targets, each with a prediction of its own."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import ONE_CLASS
from evaluators.words import N_

TITLE = N_("Rows with several labels")
_metric = partial(
    MetricInfo,
    theme="multilabel",
    direction="higher",
    low=0,
    high=1,
    needs="scores",
    each=N_("label"),
    least=2,
    by_column=True,
    example={"target": ["owl", "jay", "wren"], "prediction": ["p_owl", "p_jay", "p_wren"]},
)

METRICS = (
    _metric(
        "f1_samples",
        N_("F1, mean over rows"),
        what=N_("The mean over rows of F1 of the labels of a row."),
        formula=N_("mean over rows of 2·TP / (2·TP + FP + FN)"),
        source="Godbole and Sarawagi, Discriminative methods for multi-labeled classification, 2004",
        degenerate=N_("Always defined; a row without a label on either side counts 1."),
        example={"target": ["is_red", "is_round", "is_large"]},
        needs="flags",
    ),
    _metric(
        "mean_roc_auc",
        N_("ROC-AUC, mean over columns"),
        what=N_("The mean over columns of the area under the ROC curve."),
        formula=N_("mean over columns of P(ŷ₊ > ŷ₋) + ½·P(ŷ₊ = ŷ₋)"),
        source="Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982",
        degenerate=N_(
            "A column of the target with one class has no area: the score is undefined, or the column left "
            "out; undefined where no column has an area; ½ for constant scores."
        ),
        ties=N_("A tie of a positive and a negative row counts half."),
        parameters={"one_class": ONE_CLASS},
    ),
    _metric(
        "mean_log_loss",
        N_("Log-loss, mean over columns"),
        what=N_("The mean over columns of log-loss; the probabilities of a row need not sum to one."),
        formula=N_("mean over columns of −(1/n) · Σ ln p(y)"),
        source="Good, Rational decisions, 1952",
        degenerate=N_(
            "Always defined: probabilities are kept 2.2·10⁻¹⁶ away from 0 and 1, so a certainty that errs "
            "costs 36.04."
        ),
        direction="lower",
        high=None,
        needs="probabilities",
    ),
    _metric(
        "lrap",
        N_("Label ranking average precision"),
        what=N_(
            "For each label of a row the share of right ones among those that score as high or higher, "
            "averaged."
        ),
        formula=N_("mean over rows and their labels of right labels / all labels, down to its score"),
        source="Schapire and Singer, BoosTexter, 2000",
        degenerate=N_(
            "Undefined where no row has a label; a row without a label, or with every label, counts 1."
        ),
        ties=N_("Equal scores count as higher: they never gain."),
    ),
)
