"""Scores and probabilities of classes."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import BINS, LABELS, MAX_FPR, POSITIVE, TOP_CLASSES
from evaluators.words import N_

TITLE = N_("Scores and probabilities of classes")
_metric = partial(MetricInfo, theme="probabilities", direction="higher", low=0, high=1, needs="probabilities")
_CLASSES = {"positive": POSITIVE, "labels": LABELS}
_POSITIVE = {"positive": POSITIVE}
_NO_POSITIVE = N_("Undefined where no row of the target is positive.")

METRICS = (
    _metric(
        "roc_auc",
        N_("ROC-AUC"),
        what=N_(
            "How often a positive row scores above a negative one; with several columns, the mean over "
            "classes of one against the rest."
        ),
        formula="P(ŷ₊ > ŷ₋) + ½·P(ŷ₊ = ŷ₋)",
        source="Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982",
        degenerate=N_(
            "Undefined where a class has no row of the target or all of them; ½ for constant scores."
        ),
        ties=N_("A tie of a positive and a negative row counts half."),
        example={
            "target": "label",
            "prediction": ["p_cat", "p_dog", "p_fish"],
            "labels": ["cat", "dog", "fish"],
        },
        needs="scores",
        parameters=_CLASSES,
        several=True,
    ),
    _metric(
        "partial_roc_auc",
        N_("Partial ROC-AUC"),
        what=N_(
            "The area A under the ROC curve up to the false positive rate m, scaled so that chance has ½."
        ),
        formula="½ · (1 + (A − m²/2) / (m − m²/2))",
        source="McClish, Analyzing a portion of the ROC curve, 1989",
        degenerate=N_(
            "Undefined where the target has one class; ½ for constant scores; the worst order has (1 − m) / "
            "(2 − m)."
        ),
        ties=N_("Rows with equal scores are a slope of the curve, not a step."),
        example={"target": "fraud", "prediction": "score", "max_fpr": 0.1},
        needs="scores",
        parameters={"max_fpr": MAX_FPR, **_POSITIVE},
    ),
    _metric(
        "average_precision",
        N_("Average precision"),
        what=N_("Precision at each threshold, weighted by the gain in recall, without interpolation."),
        formula="Σ (Rₖ − Rₖ₋₁) · Pₖ",
        source="Zhu, Recall, precision and average precision, 2004",
        degenerate=_NO_POSITIVE,
        ties=N_("Rows with equal scores fall under one threshold."),
        example={"target": "fraud", "prediction": "score"},
        needs="scores",
        parameters=_POSITIVE,
    ),
    _metric(
        "top_k_accuracy",
        N_("Top-k accuracy"),
        what=N_(
            "The share of rows whose class is among the k with the highest scores; a column for each class."
        ),
        formula="#(rank(y) ≤ k) / n",
        source="Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, 2015",
        degenerate=N_("Always defined; constant scores have 0."),
        ties=N_("Among equal scores the right class comes last: equal scores never gain."),
        example={
            "target": "label",
            "prediction": ["p_cat", "p_dog", "p_fish"],
            "labels": ["cat", "dog", "fish"],
            "k": 2,
        },
        needs="scores",
        parameters={"k": TOP_CLASSES, "labels": LABELS},
        several=True,
        least=2,
    ),
    _metric(
        "log_loss",
        N_("Log-loss"),
        what=N_("The mean of −ln of the probability given to what is right."),
        formula="−(1/n) · Σ ln p(y)",
        source="Good, Rational decisions, 1952",
        degenerate=N_(
            "Always defined: probabilities are kept 2.2·10⁻¹⁶ away from 0 and 1, so a certainty that errs "
            "costs 36.04."
        ),
        example={"target": "label", "prediction": ["p_cat", "p_dog"], "labels": ["cat", "dog"]},
        direction="lower",
        high=None,
        parameters=_CLASSES,
        several=True,
    ),
    _metric(
        "brier",
        N_("Brier score"),
        what=N_(
            "The mean squared distance of probabilities from 0 and 1; with several columns, half the sum "
            "over classes."
        ),
        formula="(1/n) · Σ (p − y)²",
        source="Brier, Verification of forecasts expressed in terms of probability, 1950",
        degenerate=N_("Always defined."),
        example={
            "target": "label",
            "prediction": ["p_cat", "p_dog", "p_fish"],
            "labels": ["cat", "dog", "fish"],
        },
        direction="lower",
        parameters=_CLASSES,
        several=True,
    ),
    _metric(
        "pf1",
        N_("Probabilistic F1"),
        what=N_("F1 of counts to which each row adds its probability."),
        formula="2·Σ p·y / (Σ p + Σ y)",
        source="Yacouby and Axman, Probabilistic extension of precision, recall, and F1 score, 2020",
        degenerate=_NO_POSITIVE,
        example={"target": "cancer", "prediction": "probability"},
        parameters=_POSITIVE,
    ),
    _metric(
        "expected_calibration_error",
        N_("Expected calibration error"),
        what=N_(
            "How far confidence lies from the share of hits, over bins of equal width; with several columns "
            "the confidence is that of the likeliest class, and a hit that it is right."
        ),
        formula=N_("Σ share(bin) · |mean confidence − share of hits|"),
        source=(
            "Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, "
            "2015; Guo et al., On calibration of modern neural networks, 2017"
        ),
        degenerate=N_("Always defined; a bin holds its upper border, and the first one 0."),
        ties=N_("Where n classes are the likeliest, a right one among them is 1/n of a hit."),
        example={"target": "label", "prediction": ["p_cat", "p_dog"], "labels": ["cat", "dog"], "bins": 15},
        direction="lower",
        parameters={"bins": BINS, **_CLASSES},
        several=True,
    ),
)
