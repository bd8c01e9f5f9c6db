"""What every metric says of empty and non-finite input, so that none of them can forget it."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import UndefinedByReference, UndefinedBySubmission

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
P = ParamSpec("P")
Formula: TypeAlias = Callable[Concatenate[Array, Array, P], float]


def metric(formula: Formula[P]) -> Formula[P]:
    """Let a formula see only finite arrays with a row or more, and nobody see a score that is not finite.

    The first argument is the target, the second the prediction; they have as many rows.

    Raises:
        UndefinedByReference: no rows, or a target that is not finite.
        UndefinedBySubmission: a prediction or a score that is not finite.
    """

    @wraps(formula)
    def guarded(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        if len(target) != len(prediction):
            raise ValueError(f"{len(target)} targets for {len(prediction)} predictions")
        if len(target) == 0:
            raise UndefinedByReference("there are no rows")
        if not np.isfinite(target).all():
            raise UndefinedByReference("an answer is not a finite number")
        if not np.isfinite(prediction).all():
            raise UndefinedBySubmission("a prediction is not a finite number")
        with np.errstate(all="ignore"):
            score = float(formula(target, prediction, *rest, **named))
        if not math.isfinite(score):
            raise UndefinedBySubmission("the predictions are too large to be compared")
        return score + 0.0  # turns -0.0 into 0.0

    return guarded
