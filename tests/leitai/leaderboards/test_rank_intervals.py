"""Rank intervals of simulated boards hold the true ranks, and equal teams are seldom told apart."""

from statistics import NormalDist

import numpy as np
import pytest
from numpy.random import Generator

from evaluators.uncertainty.draws import Dice, Draws, draw, of_rows
from leitai.leaderboards.telling import Field, _compared, _sure

LEVEL, TEAMS, ROWS, TRIALS = 0.9, 20, 300, 150
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


@pytest.fixture(scope="module")
def draws() -> Draws:
    dice = Dice("ranks")
    found = draw(dice, 199, of_rows(dice, ROWS))
    assert found is not None
    return found


def board(rng: Generator, draws: Draws, gap: float, shared: float) -> tuple[Field, list[int]]:
    """Teams whose mean losses lie ``gap`` apart and err alike in part, and their true ranks in its order."""
    common = shared * rng.standard_normal((ROWS, 1))
    losses = common + rng.standard_normal((ROWS, TEAMS)) + gap * np.arange(TEAMS)
    scores = losses.mean(axis=0)
    order = np.argsort(scores)
    deviations = (draws.means(losses) - scores).T[order]
    deviations -= deviations.mean(axis=1, keepdims=True)
    places = {int(team): place for place, team in enumerate(order)}
    return Field(places, scores[order], np.ones(TEAMS, dtype=bool), deviations), (order + 1).tolist()


@pytest.mark.parametrize("gap", [0.002, 0.02, 0.2, 2.0])
@pytest.mark.parametrize("shared", [0.0, 3.0])
def test_rank_intervals_hold_the_true_rank_nine_times_in_ten(draws: Draws, gap: float, shared: float) -> None:
    rng, hits = np.random.default_rng(11), 0
    for _ in range(TRIALS):
        field, ranks = board(rng, draws, gap, shared)
        found = dict(_compared(field, range(TEAMS), LEVEL))
        for place, rank in enumerate(ranks):
            own = found[place][0]
            assert own is not None
            hits += own[0] <= rank <= own[1]
    assert hits / TRIALS / TEAMS > LEVEL - 0.02


def test_teams_of_equal_skill_are_told_apart_one_time_in_ten(draws: Draws) -> None:
    rng, apart = np.random.default_rng(12), 0
    for _ in range(TRIALS):
        field, _ = board(rng, draws, 0.0, 1.0)
        apart += int(_sure(field, np.arange(TEAMS), Z).sum())
    assert apart / TRIALS / TEAMS / (TEAMS - 1) == pytest.approx(1 - LEVEL, abs=0.02)
