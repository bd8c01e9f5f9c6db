"""Both splits of one submission, scored in one pass."""

import base64
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from evaluators import efficiency, measuring
from evaluators.contents.answers import Answers
from evaluators.contents.predictions import Predictions, number_columns
from evaluators.errors import Rejected, UndefinedBySubmission
from evaluators.figures.gathering import Gathered
from evaluators.figures.kinds import Figure
from evaluators.formulas import effort
from evaluators.formulas.guard import Array
from evaluators.reference import Reference
from evaluators.spec.combining import Combination
from evaluators.spec.measures import Measure
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS
from evaluators.tables import values
from evaluators.tables.alignment import align
from evaluators.tables.files import Columns, read
from evaluators.tables.stretches import Rows, at_once, taken
from evaluators.uncertainty.packing import pack
from evaluators.uncertainty.replicates import Resampled

Scores = dict[str, dict[str, float]]


def evaluate(
    spec: Spec, reference: Reference, path: Path, measured: efficiency.Measured = MappingProxyType({})
) -> dict[str, Any]:
    """The result as it is recorded: scores, rows and versions, or the rejection.

    What was not ``measured`` has no score, nor what would be made of it.
    Beside the scores stand their intervals, the replicates of the score that ranks, and figures.

    Raises:
        ReferenceTrouble: a metric is undefined on this reference.
    """
    resampled: dict[str, Resampled] = {}
    figures: list[Figure] = []
    if spec.uncertainty is not None:
        resampled = {split: Resampled(spec.uncertainty, found) for split, found in reference.draws.items()}
    try:
        used = efficiency.scores(spec.usages, measured, len(reference.ids))
        scores = score(spec, reference, path, resampled, used, figures=figures)
    except Rejected as error:
        return {"rejection": {"code": error.code, "params": error.params}}
    result = {"scores": scores, "rows": reference.rows, "versions": versions(spec)}
    if spec.usages:
        result["measured"] = dict(measured)
    return result | spread(spec, reference.tag, scores, resampled) | shown(figures)


def spread(
    spec: Spec, tag: bytes, scores: Scores, resampled: Mapping[str, Resampled]
) -> dict[str, dict[str, Any]]:
    """What a result says of resamples, which this tag tells from all others: nothing where there are none."""
    if not any(own.found for own in resampled.values()):
        return {}
    ends = {split: found.intervals() for split, found in resampled.items()}
    return {"intervals": ends, "replicates": _replicates(spec, tag, scores, resampled)}


def shown(figures: list[Figure]) -> dict[str, list[Figure]]:
    """What a result says of figures: nothing where there are none."""
    if not figures:
        return {}
    from evaluators.figures.making import fitting

    return {"figures": fitting(figures)}


def _replicates(spec: Spec, tag: bytes, scores: Scores, resampled: Mapping[str, Resampled]) -> dict[str, str]:
    """Of the score that ranks, by split."""
    name, found = spec.scores[0].name, {}
    for split, own in resampled.items():
        if name in own.found:
            packed = pack(tag, own.found[name].scores - scores[split][name])
            found[split] = base64.b64encode(packed).decode()
    return found


def score(
    spec: Spec,
    reference: Reference,
    path: Path,
    resampled: Mapping[str, Resampled] = MappingProxyType({}),
    used: Mapping[str, float] = MappingProxyType({}),
    member: str = "",
    figures: list[Figure] | None = None,
) -> Scores:
    """Scores by split and name; resamples and figures are added to what is given for them.

    What was ``used`` is a score of both splits. With ``member`` the table of this name in a zip is meant.

    Raises:
        Rejected: the team can mend it.
        ReferenceTrouble: a metric is undefined on this reference.
    """
    table = read(
        path,
        spec.prediction_columns,
        most_rows=2 * len(reference.ids) + 1000,
        numbers=number_columns(spec.measures, reference.answers),
        row_order=spec.ids == "row_order",
        member=member,
    )
    ids = _ids(spec, reference, table)
    order = align(reference.ids, ids)
    scores = {split: dict(used) for split in reference.parts}
    public = order[reference.parts[SPLITS[0]]]
    gathered = Gathered(spec.figures, public, ids, [] if figures is None else figures)
    _add_scores(scores, spec, reference, Predictions(ids, table), order, resampled, gathered)
    return scores


def _ids(spec: Spec, reference: Reference, table: Columns) -> pl.Series:
    """Those of the table, or of the reference where the rows of a plain array stand in its order."""
    if spec.id in table:
        return values.ids(table[spec.id], whole_numbers=spec.ids == "integer")
    rows = len(next(iter(table.values())))
    if rows != len(reference.ids):
        raise Rejected("wrong_length", count=rows, wanted=len(reference.ids))
    return reference.ids.texts


def _add_scores(
    scores: Scores,
    spec: Spec,
    reference: Reference,
    predictions: Predictions,
    order: Rows,
    resampled: Mapping[str, Resampled],
    gathered: Gathered,
) -> None:
    """``order`` are the rows of the submission, those of public ids first."""
    undefined: list[Measure] = []
    for measure in spec.measures:
        answers = reference.answers[measure.name]
        predicted = taken(predictions.of(measure, answers), order)
        predictions.check_lengths(measure, answers, predicted, order)
        attempt = partial(_attempt, measure, answers, predicted)
        for split, found in at_once(attempt, list(reference.parts.items()), len(order)):
            if found is None:
                undefined.append(measure)
                continue
            scores[split] |= found
            if split in resampled:
                part, own = reference.parts[split], found[measure.name]
                resampled[split].add(measure, answers, predicted, split, part, own)
        if not undefined:
            gathered.add(measure, answers, predicted)
    if undefined:  # told only now: trouble of ours anywhere would have come first
        predictions.refuse_large(undefined[0])
        raise Rejected("undefined_score", metric=undefined[0].name)
    for split, known in scores.items():
        for combination in add_combined(spec, known):
            if split in resampled:
                resampled[split].combine(combination)


def add_combined(spec: Spec, found: dict[str, float]) -> list[Combination]:
    """Those combinations whose parts are there, now among the scores of the split."""
    made = []
    for combination in spec.combinations:
        if all(part in found for part in combination.parts):
            found[combination.name] = combination.value(found)
            made.append(combination)
    return made


def _attempt(
    measure: Measure, answers: Answers, predicted: Array, rows: tuple[str, slice]
) -> tuple[str, dict[str, float] | None]:
    """The split with its scores, None where these predictions have none.

    Raises:
        Rejected: they would take too long to compare.
    """
    split, part = rows
    try:
        if measure.info.needs in ("texts", "free_texts"):
            effort.check(measure.info.name, measure.parameters, answers.values[part], predicted[part])
        return split, measuring.scores(measure, answers, predicted, split, part)
    except UndefinedBySubmission:
        return split, None
    except effort.TooMuchWork:
        raise Rejected("too_much_work", metric=measure.name) from None


def versions(spec: Spec) -> Mapping[str, str]:
    """What the digits of a score may depend on."""
    python = ".".join(map(str, sys.version_info[:3]))
    used = sorted({name for measure in spec.measures for name in measure.libraries})
    more = {name: str(sys.modules[name].__version__) for name in used}
    return {"python": python, "numpy": np.__version__, "polars": pl.__version__} | more
