"""How a task is measured, in words and formulas for teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import evaluators
from evaluators.efficiency import Usage
from evaluators.spec.combining import Combination
from evaluators.spec.scores import Score
from evaluators.spec.task import parse
from leitai.competitions import combined
from leitai.errors import N_
from leitai.web.filters import number

_BUDGETS: Mapping[tuple[str, bool], str] = {
    ("lower", False): N_("The budget is %(budget)s: a submission that uses more is rejected."),
    ("lower", True): N_("The budget is %(budget)s: whatever is used beyond counts as that."),
    ("higher", False): N_("The budget is %(budget)s: a submission with less is rejected."),
    ("higher", True): N_("The budget is %(budget)s: whatever is less counts as that."),
}

_OF_PROGRAM = N_("Computed by a program of the organizers")


@dataclass(frozen=True)
class MetricView:
    """A metric as a task uses it; ``title`` and ``formula`` are msgids, as ``notes`` are with params.

    ``entry`` is its name in the catalogue, empty for what is none of its metrics.
    """

    column: evaluators.ScoreColumn
    title: str
    formula: str
    parameters: Mapping[str, Any]
    notes: tuple[combined.Note, ...] = ()
    entry: str = ""


@dataclass(frozen=True)
class EvaluationView:
    """What a submission must hold and how it is measured.

    A program may take other ``endings`` than those of tables, and expect ``files`` in what is handed in;
    ``ingested`` is code that it calls, and that is no program of its own.
    """

    metrics: tuple[MetricView, ...]
    id: str
    columns: tuple[str, ...]
    file: str
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    ingested: bool = False


def evaluation_view(spec: Mapping[str, Any]) -> EvaluationView:
    """The evaluation of a task for its page."""
    parsed = parse(spec)
    scores = {name: score for score in parsed.scores for name in score.names}
    program = parsed.program
    return EvaluationView(
        metrics=tuple(_view(column, scores.get(column.name)) for column in evaluators.columns(spec)),
        id=parsed.id,
        columns=() if parsed.files else tuple(parsed.prediction_columns),
        file=str(spec.get("file", "")),
        tables={name: tuple(own.prediction_columns) for name, own in parsed.files.items()},
        endings=program.accepts if program else (),
        files=program.expects if program else (),
        ingested=program is not None and program.ingestion is not None,
    )


def _view(column: evaluators.ScoreColumn, score: Score | None) -> MetricView:
    if score is None:  # a program's
        return MetricView(column, _OF_PROGRAM, "", {})
    if isinstance(score, Combination):
        return MetricView(column, combined.title(score), combined.formula(score), {}, combined.notes(score))
    if isinstance(score, Usage):
        return MetricView(column, score.info.title, score.info.formula, {}, _of_usage(score), score.info.name)
    notes = combined.metric_notes(score, column.name)
    info = score.info
    return MetricView(column, info.title, info.formula, score.parameters, notes, info.name)


def _of_usage(usage: Usage) -> tuple[combined.Note, ...]:
    """Its budget, and its points."""
    found: list[combined.Note] = []
    if usage.budget is not None:
        text = _BUDGETS[usage.info.direction, usage.clipped]
        found.append((text, {"budget": number(usage.budget, unit=usage.info.unit)}))
    return tuple(found + ([combined.scale_note(usage.scale)] if usage.scale else []))
