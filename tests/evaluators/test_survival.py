"""Metrics of survival against loops over pairs and moments."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from evaluators.formulas import survival as ours
from tests.evaluators.arrays import CLOSE, columns, few, plain

time = st.one_of(st.integers(0, 6).map(float), st.floats(0, 100))
event = st.sampled_from([0.0, 1.0])
risk = st.one_of(few, plain)


def concordance(times: list[float], events: list[float], risks: list[float]) -> float | None:
    """Each pair by itself, as its definition reads."""
    found = []
    for (t, e, r), (u, f, s) in itertools.permutations(zip(times, events, risks, strict=True), 2):
        if e and (t < u or (t == u and not f)):
            found.append(1 if r > s else 0.5 if r == s else 0)
    return sum(found) / len(found) if found else None


@given(columns(time, event, risk))
def test_concordance_counts_every_comparable_pair(found: tuple[np.ndarray, ...]) -> None:
    times, events, risks = found
    expected = concordance(*(column.tolist() for column in found))
    target = np.column_stack([times, events])
    if expected is None:
        with pytest.raises(UndefinedByReference, match="compared"):
            ours.concordance_index(target, risks)
        return
    assert ours.concordance_index(target, risks) == pytest.approx(expected, **CLOSE)
    assert ours.concordance_index(target, -risks, predicts="time") == pytest.approx(expected, **CLOSE)


def test_concordance_of_the_worked_example_of_ties() -> None:
    """The first row with all others in order; the second with its equal tied, then wrong, then right."""
    target = np.array([[1.0, 1], [2, 1], [2, 0], [3, 0], [4, 1]])
    assert ours.concordance_index(target, np.array([9.0, 5, 5, 6, 1])) == pytest.approx(5.5 / 7)


def test_constant_risks_are_chance_and_rows_without_an_event_undefined() -> None:
    target = np.array([[1.0, 1], [2, 0], [3, 1]])
    assert ours.concordance_index(target, np.zeros(3)) == 0.5
    with pytest.raises(UndefinedByReference, match="compared"):
        ours.concordance_index(target * [1, 0], np.arange(3.0))
    with pytest.raises(UndefinedByReference, match="compared"):
        ours.concordance_index(np.array([[2.0, 1], [2, 1]]), np.arange(2.0))


def brier(times: list[float], events: list[float], curve: list[float], moment: float) -> float:
    """Graf's score at one moment."""
    total = 0.0
    for t, e, s in zip(times, events, curve, strict=True):
        if t <= moment and e:
            total += s**2 / followed(times, events, t)
        elif t > moment:
            total += (1 - s) ** 2 / followed(times, events, moment)
    return total / len(times)


def followed(times: list[float], events: list[float], moment: float) -> float:
    """Product over the times up to then of the share of follow-ups that go on."""
    share = 1.0
    for u in sorted({t for t in times if t <= moment}):
        lost = sum(t == u and not e for t, e in zip(times, events, strict=True))
        there = sum(t > u or (t == u and not e) for t, e in zip(times, events, strict=True))
        share *= 1 - lost / there if lost else 1
    return share


chance = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))


@given(columns(time, event, chance, chance, chance), st.lists(time, min_size=3, max_size=3, unique=True))
def test_integrated_brier_weighs_by_the_follow_up(
    found: tuple[np.ndarray, ...], moments: list[float]
) -> None:
    moments.sort()
    times, events, *curves = (column.tolist() for column in found)
    target, survival = np.column_stack(found[:2]), np.column_stack(found[2:])
    if moments[-1] >= max(times):
        with pytest.raises(UndefinedByReference, match="followed up longer"):
            ours.integrated_brier(target, survival, times=moments)
        return
    each = [brier(times, events, curve, moment) for curve, moment in zip(curves, moments, strict=True)]
    (a, b, c), (x, y, z) = moments, each
    expected = ((b - a) * (x + y) / 2 + (c - b) * (y + z) / 2) / (c - a)
    assert ours.integrated_brier(target, survival, times=moments) == pytest.approx(expected, **CLOSE)


@given(columns(time, event, chance), time)
def test_with_one_time_it_is_the_score_of_that_moment(found: tuple[np.ndarray, ...], moment: float) -> None:
    times, events, curve = (column.tolist() for column in found)
    if moment < max(times):
        expected = brier(times, events, curve, moment)
        score = ours.integrated_brier(np.column_stack(found[:2]), found[2], times=[moment])
        assert score == pytest.approx(expected, **CLOSE)


def test_without_lost_follow_ups_it_is_the_squared_error() -> None:
    target = np.array([[1.0, 1], [2, 1], [3, 1], [4, 1]])
    survival = np.array([[0.5, 0.0], [0.8, 0.4], [0.9, 0.8], [1.0, 1.0]])
    first = np.mean(np.square([0.5, 0.2, 0.1, 0.0]))
    second = np.mean(np.square([0.0, 0.4, 0.2, 0.0]))
    assert ours.integrated_brier(target, survival, times=[1, 2]) == pytest.approx((first + second) / 2)


def test_who_is_lost_before_counts_for_nothing_and_others_for_more() -> None:
    target = np.array([[1.0, 0], [2, 1], [3, 0], [4, 0]])
    survival = np.array([0.123, 0.5, 1.0, 1.0])
    assert ours.integrated_brier(target, survival, times=[2]) == pytest.approx(0.25 / 0.75 / 4)


def test_a_hundred_thousand_rows_are_compared_in_a_moment() -> None:
    random = np.random.default_rng(3)
    target = np.column_stack([random.integers(0, 5000, 100_000), random.integers(0, 2, 100_000)]).astype(
        float
    )
    assert ours.concordance_index(target, -target[:, 0]) > 0.999
    assert math.isclose(ours.concordance_index(target, random.normal(size=100_000)), 0.5, abs_tol=0.01)
