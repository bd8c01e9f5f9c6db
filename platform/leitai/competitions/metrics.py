"""How a task is measured, in words and formulas for teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import evaluators
from evaluators.combining import Combination
from evaluators.scores import Score
from evaluators.spec import parse
from leitai.competitions import combined
from leitai.errors import N_

# y is the answer, ŷ the prediction, n the number of rows; TP, FP, FN are counts of a class.
FORMULAS: Mapping[str, str] = {
    "accuracy": "#(ŷ = y) / n",
    "balanced_accuracy": N_("mean over classes of TP / (TP + FN)"),
    "precision": "TP / (TP + FP)",
    "recall": "TP / (TP + FN)",
    "f1_macro": N_("mean over classes of 2·TP / (2·TP + FP + FN)"),
    "f1_micro": "2·ΣTP / (2·ΣTP + ΣFP + ΣFN)",
    "f1_weighted": N_("Σ share(class) · 2·TP / (2·TP + FP + FN)"),
    "f_beta": "(1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)",
    "jaccard": "TP / (TP + FP + FN)",
    "hamming_loss": "#(ŷ ≠ y) / n",
    "mcc": "(TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))",
    "cohen_kappa": "1 − Σ w·O / Σ w·E",
    "quadratic_weighted_kappa": "1 − Σ w·O / Σ w·E,  w = (i − j)²",
    "roc_auc": "P(ŷ₊ > ŷ₋) + ½·P(ŷ₊ = ŷ₋)",
    "partial_roc_auc": "½ · (1 + (A − m²/2) / (m − m²/2))",
    "average_precision": "Σ (Rₖ − Rₖ₋₁) · Pₖ",
    "top_k_accuracy": "#(rank(y) ≤ k) / n",
    "log_loss": "−(1/n) · Σ ln p(y)",
    "brier": "(1/n) · Σ (p − y)²",
    "pf1": "2·Σ p·y / (Σ p + Σ y)",
    "expected_calibration_error": N_("Σ share(bin) · |mean confidence − share of hits|"),
    "f1_samples": N_("mean over rows of 2·TP / (2·TP + FP + FN)"),
    "mean_roc_auc": N_("mean over columns of P(ŷ₊ > ŷ₋) + ½·P(ŷ₊ = ŷ₋)"),
    "mean_log_loss": N_("mean over columns of −(1/n) · Σ ln p(y)"),
    "lrap": N_("mean over rows and their labels of right labels / all labels, down to its score"),
    "rmse": "√((1/n) · Σ (y − ŷ)²)",
    "mae": "(1/n) · Σ |y − ŷ|",
    "rmsle": "√((1/n) · Σ (ln(1 + y) − ln(1 + ŷ))²)",
    "mape": "(1/n) · Σ |y − ŷ| / |y|",
    "smape": "(1/n) · Σ 2·|y − ŷ| / (|y| + |ŷ|)",
    "r2": "1 − Σ (y − ŷ)² / Σ (y − ȳ)²",
    "pinball": "(1/n) · Σ max(α·(y − ŷ), (α − 1)·(y − ŷ))",
    "median_absolute_error": N_("median of |y − ŷ|"),
    "max_error": "max |y − ŷ|",
    "rmspe": "√((1/n) · Σ ((y − ŷ) / y)²)",
    "wape": "Σ |y − ŷ| / Σ |y|",
    "poisson_deviance": "(2/n) · Σ (y·ln(y/ŷ) − y + ŷ)",
    "gamma_deviance": "(2/n) · Σ (ln(ŷ/y) + y/ŷ − 1)",
    "tweedie_deviance": "(2/n) · Σ (y²⁻ᵃ/((1 − a)(2 − a)) − y·ŷ¹⁻ᵃ/(1 − a) + ŷ²⁻ᵃ/(2 − a))",
    "weighted_quantile_loss": N_("mean over quantiles of 2 · Σ pinball loss / Σ |y|"),
    "crps_quantiles": N_("2 · mean of pinball loss over rows and quantiles"),
    "crps_samples": "(1/n) · Σ (E|x − y| − ½·E|x − x′|)",
    "interval_score": "(1/n) · Σ (u − l + (2/α)·max(l − y, 0) + (2/α)·max(y − u, 0))",
    "laplace_log_likelihood": "−(1/n) · Σ (√2·|y − ŷ|/σ + ln(√2·σ))",
    "mase": N_("mean over series of (1/n) · Σ |y − ŷ| / scale"),
    "rmsse": N_("mean over series of √((1/n) · Σ ((y − ŷ) / scale)²)"),
    "weighted_rmsse": N_("Σ weight(series) · √((1/n) · Σ ((y − ŷ) / scale)²) / Σ weight(series)"),
    "haversine_distance": "(1/n) · Σ 2R·arcsin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2))",
    "angular_error": "(1/n) · Σ min(|y − ŷ|, 360° − |y − ŷ|)",
    "ndcg": N_("DCG@k / best DCG@k,  DCG = Σ gain / log₂(rank + 1)"),
    "map": N_("mean over lists of average precision@k"),
    "mrr": N_("mean over lists of 1 / rank of the first hit"),
    "precision_at_k": N_("mean over lists of hits among the first k / k"),
    "recall_at_k": N_("mean over lists of hits among the first k / all hits"),
    "spearman": N_("correlation of the ranks of y and ŷ"),
    "pearson": "cov(y, ŷ) / (σ(y) · σ(ŷ))",
}
TITLES = (
    N_("Accuracy"),
    N_("Balanced accuracy"),
    N_("Precision"),
    N_("Recall"),
    N_("F1, mean over classes"),
    N_("F1, over all rows"),
    N_("F1, weighted by class"),
    N_("F-beta"),
    N_("Jaccard index"),
    N_("Hamming loss"),
    N_("Matthews correlation coefficient"),
    N_("Cohen's kappa"),
    N_("Quadratic weighted kappa"),
    N_("ROC-AUC"),
    N_("Partial ROC-AUC"),
    N_("Average precision"),
    N_("Top-k accuracy"),
    N_("Log-loss"),
    N_("Brier score"),
    N_("Probabilistic F1"),
    N_("Expected calibration error"),
    N_("F1, mean over rows"),
    N_("ROC-AUC, mean over columns"),
    N_("Log-loss, mean over columns"),
    N_("Label ranking average precision"),
    N_("Root mean squared error"),
    N_("Mean absolute error"),
    N_("Root mean squared logarithmic error"),
    N_("Mean absolute percentage error"),
    N_("Symmetric mean absolute percentage error"),
    N_("Coefficient of determination"),
    N_("Pinball loss"),
    N_("Median absolute error"),
    N_("Largest absolute error"),
    N_("Root mean squared percentage error"),
    N_("Weighted absolute percentage error"),
    N_("Mean Poisson deviance"),
    N_("Mean gamma deviance"),
    N_("Mean Tweedie deviance"),
    N_("Mean absolute scaled error"),
    N_("Root mean squared scaled error"),
    N_("Weighted root mean squared scaled error"),
    N_("Mean angular error"),
    N_("Mean haversine distance"),
    N_("Weighted quantile loss"),
    N_("Continuous ranked probability score, of quantiles"),
    N_("Continuous ranked probability score, of samples"),
    N_("Interval score"),
    N_("Laplace log-likelihood"),
    N_("Normalized discounted cumulative gain"),
    N_("Mean average precision"),
    N_("Mean reciprocal rank"),
    N_("Precision at k"),
    N_("Recall at k"),
    N_("Spearman's rank correlation"),
    N_("Pearson's correlation"),
)


@dataclass(frozen=True)
class MetricView:
    """A metric as a task uses it; ``title`` and ``formula`` are msgids, as ``notes`` are with params."""

    column: evaluators.ScoreColumn
    title: str
    formula: str
    parameters: Mapping[str, Any]
    notes: tuple[combined.Note, ...] = ()


@dataclass(frozen=True)
class EvaluationView:
    """What a submission must hold and how it is measured."""

    metrics: tuple[MetricView, ...]
    id: str
    columns: tuple[str, ...]
    file: str


def evaluation_view(spec: Mapping[str, Any]) -> EvaluationView:
    """The evaluation of a task for its page."""
    parsed = parse(spec)
    scores = {name: score for score in parsed.scores for name in score.names}
    return EvaluationView(
        metrics=tuple(_view(column, scores.get(column.name)) for column in evaluators.columns(spec)),
        id=parsed.id,
        columns=tuple(parsed.prediction_columns),
        file=str(spec.get("file", "")),
    )


def _view(column: evaluators.ScoreColumn, score: Score | None) -> MetricView:
    if score is None:  # a program's
        return MetricView(column, "", "", {})
    if isinstance(score, Combination):
        return MetricView(column, combined.title(score), combined.formula(score), {}, combined.notes(score))
    notes = combined.metric_notes(score, column.name)
    return MetricView(column, score.info.title, FORMULAS.get(column.metric, ""), score.parameters, notes)
