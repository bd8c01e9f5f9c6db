"""Unit deviances of exponential families: t is the target, p the predicted mean, which is above zero."""

import numpy as np

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from evaluators.formulas.averages import mean_of_rows
from evaluators.formulas.guard import Array, Floats


@mean_of_rows
def poisson_deviance(target: Array, prediction: Array) -> Floats:
    """Mean of 2·(t·ln(t/p) - t + p), 2·p where t is 0 (Nelder and Wedderburn 1972).

    Range from 0, lower is better; undefined for t below zero and for p not above zero.
    """
    return _above_zero(_poisson(target, prediction))


@mean_of_rows
def gamma_deviance(target: Array, prediction: Array) -> Floats:
    """Mean of 2·(ln(p/t) + t/p - 1) (Nelder and Wedderburn 1972); a change of unit changes nothing.

    Range from 0, lower is better; undefined for t and for p not above zero.
    """
    return _above_zero(_gamma(target, prediction))


@mean_of_rows
def tweedie_deviance(target: Array, prediction: Array, power: float) -> Floats:
    """Mean deviance of the Tweedie family whose variance is mean**power (Jørgensen 1987).

    Power 0 is squared error, 1 Poisson, 2 gamma; between them, and above 2, the mean of
    2·(t^(2-a) / ((1-a)(2-a)) - t·p^(1-a) / (1-a) + p^(2-a) / (2-a)) for the power a.
    Range from 0, lower is better; undefined for t below zero, from power 2 for t at zero too, and for p not
    above zero; power 0 takes every number.
    """
    if power == 0:
        squares: Floats = np.square(target - prediction)
        return squares
    if power == 1:
        return _above_zero(_poisson(target, prediction))
    if power == 2:
        return _above_zero(_gamma(target, prediction))
    _check(target, prediction, zero=power < 2)
    first = np.power(target, 2 - power) / ((1 - power) * (2 - power))
    second = target * np.power(prediction, 1 - power) / (1 - power)
    return _above_zero(2 * (first - second + np.power(prediction, 2 - power) / (2 - power)))


def _poisson(target: Array, prediction: Array) -> Floats:
    _check(target, prediction, zero=True)
    ratio = np.divide(target, prediction, out=np.ones(len(target)), where=target > 0)
    deviance: Floats = 2 * (target * np.log(ratio) - target + prediction)
    return deviance


def _gamma(target: Array, prediction: Array) -> Floats:
    _check(target, prediction, zero=False)
    ratio = target / prediction
    deviance: Floats = 2 * (ratio - 1 - np.log(ratio))
    return deviance


def _check(target: Array, prediction: Array, *, zero: bool) -> None:
    lowest = target.min()
    if lowest < 0 or (lowest == 0 and not zero):
        raise UndefinedByReference(f"an answer is {'below' if zero else 'not above'} zero")
    if prediction.min() <= 0:
        raise UndefinedBySubmission("a prediction is not above zero")


def _above_zero(deviance: Floats) -> Floats:
    """No deviance is below zero; what rounding leaves there is taken away."""
    return np.maximum(deviance, 0)
