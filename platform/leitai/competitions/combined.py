"""How a score is made of others, and points of a score: in words and as a formula."""

from collections.abc import Mapping
from typing import Any

from evaluators.spec.combining import Combination, Term
from evaluators.spec.measures import Measure
from evaluators.spec.scales import FULL, Scale
from leitai.errors import N_

Note = tuple[str, Mapping[str, Any]]
TITLES: Mapping[str, str] = {
    "mean": N_("Mean of other scores"),
    "sum": N_("Sum of other scores"),
    "geometric_mean": N_("Geometric mean of other scores"),
    "worst": N_("The worst of other scores"),
    "mean_rank": N_("Mean of a team's ranks by other scores"),
}
_WEIGHTED: Mapping[str, str] = {
    "mean": N_("Weighted mean of other scores"),
    "sum": N_("Weighted sum of other scores"),
    "geometric_mean": N_("Weighted geometric mean of other scores"),
    "mean_rank": N_("Weighted mean of a team's ranks by other scores"),
}
_STRAIGHT = N_("%(score)s in points, on a straight line: 0 for %(low)s, 100 for %(high)s.")
_CLIPPED = N_("%(score)s in points, on a straight line: 0 for %(low)s, 100 for %(high)s, never less or more.")
_OWN_STRAIGHT = N_("In points, on a straight line: 0 for %(low)s, 100 for %(high)s.")
_OWN_CLIPPED = N_("In points, on a straight line: 0 for %(low)s, 100 for %(high)s, never less or more.")
_COLUMNS = N_("The mean over %(count)s columns, each with a prediction of its own.")
_MEAN_GROUPS = N_("The mean over groups of rows, whatever their size.")
_WORST_GROUP = N_("Of the groups of rows the worst one counts.")
_ONE_GROUP = N_("The same for one group of rows.")
_RANKS = N_(
    "The rank of a team by each of these scores on the board, averaged; teams with the same score share the "
    "mean of their ranks. It changes when other teams improve."
)
_CHOSEN = N_("Of a team's submissions the one with the best %(score)s counts.")


def title(combination: Combination) -> str:
    """What it is, as a msgid."""
    weighted = len({term.weight for term in combination.terms}) > 1
    return _WEIGHTED[combination.kind] if weighted else TITLES[combination.kind]


def notes(combination: Combination) -> tuple[Note, ...]:
    """What its formula does not say, as msgids with their params."""
    found = [scale_note(term.scale, term.score) for term in combination.terms if term.scale]
    if combination.scale:
        found.append(scale_note(combination.scale))
    if combination.on_board:
        found += [(_RANKS, {}), (_CHOSEN, {"score": combination.choose})]
    return tuple(found)


def metric_notes(measure: Measure, name: str) -> tuple[Note, ...]:
    """What is made of a metric, beyond its formula, under one of its names."""
    found: list[Note] = []
    if measure.by_column and not measure.info.by_column:
        found.append((_COLUMNS, {"count": len(measure.targets)}))
    if measure.groups:
        whole = _WORST_GROUP if measure.groups.over == "worst" else _MEAN_GROUPS
        found.append((whole if name == measure.name else _ONE_GROUP, {}))
    return tuple(found + ([scale_note(measure.scale)] if measure.scale else []))


def scale_note(scale: Scale, score: str = "") -> Note:
    """What points a score gets; without a name, this score itself."""
    if score:
        return (_CLIPPED if scale.clip else _STRAIGHT), {"score": score, **_ends(scale)}
    return (_OWN_CLIPPED if scale.clip else _OWN_STRAIGHT), _ends(scale)


def formula(combination: Combination) -> str:
    """The formula, with the names of the scores in it."""
    text = _formula(combination)
    return points(text, combination.scale) if combination.scale else text


def points(score: str, scale: Scale) -> str:
    """The points of a score, as a formula."""
    text = (
        f"{_number(FULL)}·({score} − {_signed(scale.low)}) / ({_number(scale.high)} − {_signed(scale.low)})"
    )
    return f"min({_number(FULL)}, max(0, {text}))" if scale.clip else text


def _formula(combination: Combination) -> str:
    terms = [(_term(term, combination), term.weight) for term in combination.terms]
    whole = _number(sum(weight for _, weight in terms))
    match combination.kind:
        case "worst":
            worst = "min" if combination.unscaled.direction == "higher" else "max"
            return f"{worst}({', '.join(name for name, _ in terms)})"
        case "geometric_mean":
            powers = (name if weight == 1 else f"({name})^{_number(weight)}" for name, weight in terms)
            return f"({' · '.join(powers)})^(1/{whole})"
    total = " + ".join(name if weight == 1 else f"{_number(weight)}·{name}" for name, weight in terms)
    return total if combination.kind == "sum" else f"({total}) / {whole}"


def _term(term: Term, combination: Combination) -> str:
    name = points(term.score, term.scale) if term.scale else term.score
    return f"rank({name})" if combination.on_board else name


def _ends(scale: Scale) -> dict[str, str]:
    return {"low": _number(scale.low), "high": _number(scale.high)}


def _number(value: float) -> str:
    return f"{value:.10g}".replace("-", "−")


def _signed(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)
