"""The scores of a task in the order of its board: metrics, and what is combined of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from evaluators.catalogue.parameters import is_count, is_number
from evaluators.efficiency import Usage, is_measured, parse_usage
from evaluators.errors import SpecError
from evaluators.spec.combining import KINDS, MEAN_RANK, Combination, Term, combine
from evaluators.spec.given import Given, near
from evaluators.spec.measures import Measure, parse_measure
from evaluators.spec.scales import Range, parse_scale

MOST_SCORES = 20
MOST_TIMES = 1000
HEAVIEST = 1_000_000
Score = Measure | Usage | Combination

_KEYS = ("combine", "name", "of", "scale")
_OF_PART = {MEAN_RANK: ("weight",), "worst": ("scale",)}
_OF = "List names of scores, like of: [RMSE, AUC], or give each a weight, like of: {RMSE: 2, AUC: 1}."
_POINTS = "Turn them into points, of which more are better, like of: {RMSE: {scale: {low: 0.52, high: 0.1}}}."


@dataclass(frozen=True)
class _Draft:
    """A combination as it was written: what it is made of may stand below it."""

    given: Given
    kind: str
    name: str
    parts: Mapping[str, Given]


def parse_scores(metrics: Any) -> tuple[Score, ...]:
    """The list under ``metrics``, the primary one first.

    Raises:
        SpecError: it cannot be used.
    """
    return parse_lists([(metrics, "metrics")])[0]


def parse_lists(lists: Sequence[tuple[Any, str]]) -> list[tuple[Score, ...]]:
    """Lists of scores on one board, each with the place where it stands.

    Raises:
        SpecError: they cannot be used.
    """
    for metrics, place in lists:
        _check_list(metrics, place)
    places = [f"{place}[{number}]" for metrics, place in lists for number in range(len(metrics))]
    entries = [
        _entry(metric, place)
        for metric, place in zip((metric for metrics, _ in lists for metric in metrics), places, strict=True)
    ]
    _check_names(entries, places)
    _check_compared(entries)
    given = {entry.name: entry for entry in entries if not isinstance(entry, _Draft)}
    drafts = {entry.name: entry for entry in entries if isinstance(entry, _Draft)}
    _check_ranks(entries)
    known = _combined(drafts, given)
    found = iter(entries)
    return [tuple(known[next(found).name] for _ in metrics) for metrics, _ in lists]


def _check_list(metrics: Any, place: str) -> None:
    if not isinstance(metrics, list) or not metrics:
        problem = "is missing." if metrics is None else "is no list with a metric in it."
        raise SpecError(problem, "List the metrics, the primary one first.", place)
    if len(metrics) > MOST_SCORES:
        problem = f"has {len(metrics)} metrics; a task may have {MOST_SCORES}."
        raise SpecError(problem, "Keep those that the board needs.", place)


def in_order(scores: Iterable[Score]) -> list[Combination]:
    """The combinations, none before those that it is made of."""
    waiting = {score.name: score for score in scores if isinstance(score, Combination)}
    found = []
    while waiting:
        ready = next(one for one in waiting.values() if waiting.keys().isdisjoint(one.parts))
        found.append(waiting.pop(ready.name))
    return found


def _entry(metric: Any, place: str) -> Measure | Usage | _Draft:
    if not isinstance(metric, Mapping):
        remedy = "Write metric, target and prediction."
        raise SpecError(f"{metric!r} is not a mapping.", remedy, place)
    given = Given(metric, place)
    if "combine" in metric:
        return _draft(given)
    return parse_usage(given) if is_measured(metric) else parse_measure(given)


def _check_compared(entries: Sequence[Measure | Usage | _Draft]) -> None:
    """Raises SpecError: whoever does least would win."""
    if not any(isinstance(entry, Measure) for entry in entries):
        remedy = "Add one that compares predictions with answers: an empty program would win."
        raise SpecError("has nothing but what a run uses.", remedy, "metrics")


def _draft(given: Given) -> _Draft:
    kind = given.values["combine"]
    if kind not in KINDS:
        remedy = f"{near(str(kind), KINDS)}Choose one of {', '.join(KINDS)}."
        raise given.error("combine", f"{kind!r} is no way to combine scores.", remedy)
    given.check_keys([*_KEYS, "choose"] if kind == MEAN_RANK else _KEYS)
    return _Draft(given, kind, given.name(kind), _parts(given, kind))


def _parts(given: Given, kind: str) -> dict[str, Given]:
    """What is said of each part, by its name."""
    of = given.values.get("of")
    if isinstance(of, list) and of and all(isinstance(name, str) for name in of):
        if len(set(of)) < len(of):
            raise given.error("of", "names a score twice.", "Give it a weight instead.")
        return {name: Given({}, given.at("of")) for name in of}
    if not isinstance(of, Mapping) or not of or not all(isinstance(name, str) for name in of):
        problem = "is missing." if of is None else f"{of!r} is no list of names, and gives no weights."
        raise given.error("of", problem, _OF)
    place = given.at("of")
    return {name: _part(value, f"{place}.{name}", kind) for name, value in of.items()}


def _part(value: Any, place: str, kind: str) -> Given:
    said = Given(value if isinstance(value, Mapping) else {"weight": value}, place)
    said.check_keys(_OF_PART.get(kind, ("weight", "scale")))
    weight = said.values.get("weight", 1)
    if kind == MEAN_RANK and not (is_count(weight) and weight <= MOST_TIMES):
        remedy = f"Write how often the rank counts, a whole number from 1 to {MOST_TIMES}."
        raise SpecError(f"{weight!r} is no weight of a rank.", remedy, place)
    if not is_number(weight) or not 0 < weight <= HEAVIEST:
        remedy = f"Write a number above 0 and up to {HEAVIEST}, or leave the score out."
        raise SpecError(f"{weight!r} is no weight.", remedy, place)
    return said


def _check_names(entries: Sequence[Measure | Usage | _Draft], places: Sequence[str]) -> None:
    names = [entry.name for entry in entries]
    taken: set[str] = set()
    for entry, place in zip(entries, places, strict=True):
        for name in entry.names if isinstance(entry, Measure) else [entry.name]:
            if name in taken:
                remedy = "Give each metric a name of its own, with name."
                problem = f"{name!r} is the name of another metric too."
                raise SpecError(problem, remedy, f"{place}.name")
            taken.add(name)
    if len(taken) > MOST_SCORES:
        problem = f"has {len(taken)} columns with the groups shown; a board may have {MOST_SCORES}."
        raise SpecError(problem, "Show fewer groups.", "metrics")
    for draft in (entry for entry in entries if isinstance(entry, _Draft)):
        for name in draft.parts:
            if name not in names:
                remedy = f"{near(name, names)}The scores are {', '.join(names)}."
                raise draft.given.error("of", f"{name!r} is no score of this task.", remedy)


def _combined(drafts: Mapping[str, _Draft], given: Mapping[str, Measure | Usage]) -> dict[str, Score]:
    """Every score by its name, each made when its parts are there."""
    known: dict[str, Score] = dict(given)
    waiting = dict(drafts)
    while waiting:
        ready = next((draft for draft in waiting.values() if not draft.parts.keys() & waiting.keys()), None)
        if ready is None:
            raise _circle(waiting)
        known[ready.name] = _combination(waiting.pop(ready.name), known)
    return known


def _circle(waiting: Mapping[str, _Draft]) -> SpecError:
    """Each of these needs another one of them, so whoever follows the first ones comes back."""
    way = [next(iter(waiting))]
    while way[-1] not in way[:-1]:
        way.append(next(name for name in waiting[way[-1]].parts if name in waiting))
    way = way[way.index(way[-1]) :]
    remedy = "Make it of scores that do not need it."
    return waiting[way[0]].given.error("of", f"goes in a circle: {' needs '.join(way)}.", remedy)


def _combination(draft: _Draft, known: Mapping[str, Score]) -> Combination:
    if draft.kind == MEAN_RANK:
        return _mean_rank(draft)
    terms, ranges = [], []
    for name, said in draft.parts.items():
        scale = parse_scale(said, known[name].range.direction)
        terms.append(Term(name, float(said.values.get("weight", 1)), scale))
        ranges.append(known[name].range.scaled(scale))
    _check_directions(draft, ranges)
    if draft.kind == "geometric_mean":
        _check_above_zero(draft, ranges)
    unscaled = _range(draft.kind, terms, ranges)
    scale = parse_scale(draft.given, unscaled.direction)
    return Combination(draft.kind, draft.name, tuple(terms), unscaled, scale)


def _range(kind: str, terms: Sequence[Term], ranges: Sequence[Range]) -> Range:
    direction, weights = ranges[0].direction, [term.weight for term in terms]
    low = combine(kind, [one.low for one in ranges], weights, direction)
    return Range(direction, low, combine(kind, [one.high for one in ranges], weights, direction))


def _mean_rank(draft: _Draft) -> Combination:
    if "scale" in draft.given.values:
        raise draft.given.error("scale", "is given, but ranks have no points.", "Leave it out.")
    parts = list(draft.parts)
    choose = draft.given.values.get("choose", parts[0])
    if choose not in parts:
        remedy = f"Name the score whose best submission counts for a team, one of {', '.join(parts)}."
        raise draft.given.error("choose", f"{choose!r} is not among the ranked scores.", remedy)
    terms = tuple(Term(name, float(said.values.get("weight", 1))) for name, said in draft.parts.items())
    return Combination(draft.kind, draft.name, terms, Range("lower", 1.0), choose=choose)


def _check_directions(draft: _Draft, ranges: Sequence[Range]) -> None:
    for (name, one), (other, another) in pairwise(zip(draft.parts, ranges, strict=True)):
        if one.direction != another.direction:
            problem = f"{name} is better {one.direction}, and {other} is better {another.direction}."
            raise draft.given.error("of", problem, _POINTS)


def _check_above_zero(draft: _Draft, ranges: Sequence[Range]) -> None:
    for name, one in zip(draft.parts, ranges, strict=True):
        if one.low < 0:
            remedy = "Turn it into points with scale, or take another mean."
            raise draft.given.error("of", f"{name} can be below zero: it has no geometric mean.", remedy)


def _check_ranks(entries: Sequence[Measure | Usage | _Draft]) -> None:
    """Raises SpecError: ranks do not order the board, go into other scores, or are of a name with quotes."""
    drafts = [entry for entry in entries if isinstance(entry, _Draft)]
    ranks = [draft for draft in drafts if draft.kind == MEAN_RANK]
    for made in ranks:
        for draft in drafts:
            if made.name in draft.parts:
                problem = f"{made.name!r} is made on the board, of the scores of all teams."
                raise draft.given.error("of", problem, "Leave it out: no score can be made of ranks.")
        if made is not entries[0]:
            problem = "is not the first: mean ranks order the board."
            raise made.given.error("combine", problem, "Write it first.")
        if odd := [name for name in made.parts if {'"', "\\"} & set(name)]:
            remedy = "Give the score a name without quotation marks and backslashes."
            raise made.given.error("of", f"{odd[0]!r} cannot be ranked.", remedy)
