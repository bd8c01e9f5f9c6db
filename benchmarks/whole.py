"""Portal, broker, workers and engine together: how soon one submission is scored, and how many a minute."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks import hidden, journey, programs
from benchmarks.bench import WORKERS, Bench
from benchmarks.engine import OUTPUT, at_once
from benchmarks.paths import TRUE
from benchmarks.programs import LEARNING, NOTHING, TITLES
from benchmarks.rows import Goal, Row, spread, timed
from benchmarks.timing import Ask, rates, rounds
from leitai.competitions.models import Kind
from leitai.scoring.stages import HIDDEN_INPUT

PROGRAM = "/program"
POST_GOAL = Goal(1.0)
# The least of the engine's own rate at the same parallelism, and of predictions the least a second.
LOAD_GOALS = {NOTHING: Goal(0.5, at_least=True), LEARNING: Goal(1.0, at_least=True)}
PREDICTIONS_A_SECOND = 20.0
# How many submissions a load has, for each round of the rest.
NUMBERS = {NOTHING: 8, LEARNING: 3, Kind.PREDICTIONS: 20}
LEAST_ROUNDS = 12
# They take turns, so that a machine whose speed changes changes all alike.
TURNS = 4
# The last ones of a load run beside fewer, and beside containers that are warmed for the next.
LAST = 3
Load = Callable[[], list[float]]


def posts(bench: Bench) -> list[Row]:
    """From POST to score on an idle machine, in turn with the engine's own least."""
    senders = bench.edition.senders(bench.settings.port)
    asks: dict[str, Ask] = {TRUE: bench.run_true}
    for name in (NOTHING, LEARNING):
        file = partial(programs.file, name)
        asks[f"POST to score: {TITLES[name]}"] = journey.following(senders, Kind.CODE, file)
    before: dict[str, Ask] = dict.fromkeys(asks, bench.idle)
    took = rounds(asks, bench.rounds, before)
    reference = (f"{TRUE}, beside it", statistics.median(took[TRUE]))
    rows = [timed(name, took[name], reference, POST_GOAL) for name in asks if name != TRUE]
    return [timed(reference[0], took[TRUE], reference), *rows]


def loads(bench: Bench) -> list[Row]:
    """Submissions a minute while many wait, in turn with what the engine does at the same parallelism."""
    senders = bench.edition.senders(bench.settings.port)
    ceilings, asks = _ceilings(bench), dict[str, Load]()
    for name, (title, ask) in ceilings.items():
        number = _number(bench, name)
        asks[title] = partial(at_once, ask, number, WORKERS)
        asks[name] = partial(journey.load, senders, Kind.CODE, partial(programs.file, name), number)
    number = _number(bench, Kind.PREDICTIONS)
    asks[Kind.PREDICTIONS] = partial(journey.load, senders, Kind.PREDICTIONS, hidden.file, number)
    took = _in_turn(bench, asks)
    rows = []
    for name, (title, _) in ceilings.items():
        most = _row(title, took[title])
        own = _row(f"submissions: {TITLES[name]}", took[name], (title, most.median), LOAD_GOALS[name])
        rows += [most, own]
    least = (f"{PREDICTIONS_A_SECOND:g} a second", PREDICTIONS_A_SECOND * 60)
    title = f"submissions: predictions, {hidden.ASKED:,} rows"
    return [*rows, _row(title, took[Kind.PREDICTIONS], least, Goal(1.0, at_least=True))]


def _in_turn(bench: Bench, asks: Mapping[str, Load]) -> dict[str, list[float]]:
    """How many ended a second, of each at several times."""
    took: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(TURNS):
        for name, ask in asks.items():
            bench.idle()
            took[name] += rates(sorted(ask())[:-LAST], 1)
    return took


def _number(bench: Bench, name: str) -> int:
    return NUMBERS[name] * max(bench.rounds, LEAST_ROUNDS) // TURNS + LAST


def _ceilings(bench: Bench) -> dict[str, tuple[str, Ask]]:
    """What the engine does alone: an empty container's life, and the program without us."""
    mounts = {
        bench.engine.volume(bench.image, programs.folder(LEARNING)): PROGRAM,
        bench.engine.volume(bench.image, bench.edition.data.input): HIDDEN_INPUT,
    }
    command = ["python3", "predict.py", HIDDEN_INPUT, OUTPUT]
    return {
        NOTHING: (f"empty containers, {WORKERS} at once", partial(bench.engine.empty_life, bench.image)),
        LEARNING: (
            f"docker run … python predict.py, {WORKERS} at once",
            partial(bench.engine.run, bench.image, command, mounts),
        ),
    }


def _row(
    name: str, found: Sequence[float], reference: tuple[str, float] | None = None, goal: Goal | None = None
) -> Row:
    """A row of rates a second, told as those of a minute, as the reference is."""
    minutes = [rate * 60 for rate in found]
    middle = statistics.median(minutes)
    to, of = reference or (name, middle)
    return Row(name, round(middle, 1), round(spread(minutes), 1), "a minute", round(middle / of, 3), to, goal)
