"""Figures of columns as a submission and a reference have them, all rows public."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from evaluators.contents.answers import answers_of
from evaluators.contents.predictions import Predictions
from evaluators.figures.comparing import Compared
from evaluators.figures.kinds import Figure, checked
from evaluators.figures.making import made
from evaluators.spec.task import parse
from tests.evaluators.trial import Row, spec

Columns = Mapping[str, Sequence[Any]]


def drawn(metric: Row, answers: Columns, said: Columns, *names: str) -> list[Figure]:
    """The figures of one metric as the portal accepts them; columns of both sides by their names."""
    measure = parse(spec(metric, figures=list(names))).measures[0]
    rows = {name: pl.Series(name, values) for name, values in answers.items()}
    count = len(next(iter(rows.values())))
    known = answers_of(measure, rows, {"public": slice(0, count), "private": slice(count, count)})
    ids = pl.Series([f"r{number}" for number in range(count)])
    predictions = Predictions(ids, {name: pl.Series(name, values) for name, values in said.items()})
    predicted = predictions.of(measure, known)
    compared = Compared(measure, known, known.values, predicted, np.arange(count), ids)
    return checked(made(names, compared))


def one(metric: Row, answers: Columns, said: Columns, name: str) -> Figure:
    """One figure of one metric."""
    (found,) = drawn(metric, answers, said, name)
    return found
