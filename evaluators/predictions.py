"""What a submission says: columns checked for one kind of metric, in the order of the submission."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from evaluators.classes import UNKNOWN
from evaluators.errors import EXAMPLES, Rejected, shown
from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.measures import Measure
from evaluators.reference import Answers
from evaluators.tables import values

SUM_TOLERANCE = 1e-3
"""Probabilities printed with few digits pass; what their sum lacks is divided out before the logarithm."""


class Predictions:
    """The table of a submission; a column is parsed once, however many metrics read it."""

    def __init__(self, ids: pl.Series, columns: Mapping[str, pl.Series]) -> None:
        self._ids = ids
        self._columns = columns
        self._numbers: dict[str, Floats] = {}

    def of(self, measure: Measure, answers: Answers) -> Array:
        """What the formula of this metric takes: codes or numbers, a matrix for classes and several targets.

        Raises:
            Rejected: not_numeric, non_finite, not_probability, sum_not_one or unknown_labels.
        """
        if answers.columns:
            columns = zip(measure.columns, answers.columns, strict=True)
            return np.column_stack([self.of(each, known) for each, known in columns])
        match measure.info.needs:
            case "labels":
                return self._labels(measure, answers)
            case "flags":
                return self._labels(measure, answers) > 0
            case "ratings":
                return self._ratings(measure)
            case "probabilities":
                return self._probabilities(measure)
            case _:
                return self._matrix(measure)

    def _labels(self, measure: Measure, answers: Answers) -> Array:
        assert answers.classes is not None
        column = self._columns[measure.predictions[0]]
        codes = answers.classes.codes(column)
        self._refuse("unknown_labels", codes == UNKNOWN, column=column.name)
        return codes

    def _ratings(self, measure: Measure) -> Array:
        ratings = self._matrix(measure)
        self._refuse("unknown_labels", ratings != np.floor(ratings), column=measure.predictions[0])
        return ratings

    def _probabilities(self, measure: Measure) -> Array:
        for name in measure.predictions:
            column = self._number_column(name)
            self._refuse("not_probability", (column < 0) | (column > 1), column=name)
        matrix = self._matrix(measure)
        if matrix.ndim > 1:
            self._refuse("sum_not_one", np.abs(matrix.sum(axis=1) - 1) > SUM_TOLERANCE)
        return matrix

    def _matrix(self, measure: Measure) -> Array:
        columns = [self._number_column(name) for name in measure.predictions]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def _number_column(self, name: str) -> Floats:
        if name not in self._numbers:
            numbers = values.numbers(self._columns[name])
            array = values.array(numbers)
            finite = np.isfinite(array)
            if not finite.all():
                # pandas writes NaN as nothing, so that both are told as one
                empty = values.blank(self._columns[name])
                self._refuse("not_numeric", (numbers.is_null() & ~empty).to_numpy(), column=name)
                self._refuse("non_finite", ~finite, column=name)
            self._numbers[name] = array
        return self._numbers[name]

    def _refuse(self, code: str, wrong: Bools, **params: str) -> None:
        if wrong.any():
            first = self._ids.gather(np.flatnonzero(wrong)[:EXAMPLES])
            params = {key: shown([text])[0] for key, text in params.items()}
            raise Rejected(code, count=int(wrong.sum()), examples=shown(first), **params)
