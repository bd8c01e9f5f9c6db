"""The `figures` key: what is shown beside the scores, each of the metric that compares what it is made of."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from evaluators.errors import SpecError
from evaluators.figures.kinds import MOST_FIGURES
from evaluators.spec.given import Given, near
from evaluators.spec.measures import Measure

OF_RESIDUALS = ("regression", "deviance", "series")
Figures = Mapping[str, tuple[str, ...]]
"""The names of figures by the name of their metric."""


def of_classes(measure: Measure) -> bool:
    """Whether one label is predicted for a row, or a number for each of its classes."""
    each_class = measure.info.needs in ("scores", "probabilities") and len(measure.predictions) > 1
    return len(measure.targets) == 1 and (measure.info.needs in ("labels", "ratings") or each_class)


def of_flags(measure: Measure) -> bool:
    """Whether each label of a row is predicted by itself."""
    return measure.info.needs == "flags"


def of_scores(measure: Measure) -> bool:
    """Whether numbers say how strongly a row is positive."""
    return measure.info.needs in ("scores", "probabilities")


def of_probabilities(measure: Measure) -> bool:
    """Whether these numbers are probabilities."""
    return measure.info.needs == "probabilities"


def of_numbers(measure: Measure) -> bool:
    """Whether a prediction can be subtracted from its answer."""
    whole = measure.info.theme in OF_RESIDUALS or measure.info.needs == "ratings"
    return whole and len(measure.targets) == len(measure.predictions) == 1


def _of_table(measure: Measure) -> bool:
    return of_classes(measure) or of_flags(measure)


def _of_rows(measure: Measure) -> bool:
    return of_numbers(measure) or (of_probabilities(measure) and len(measure.targets) == 1)


_FITTING: Mapping[str, tuple[Callable[[Measure], bool], str]] = {
    "confusion": (of_classes, "labels, or numbers for each class, of one target"),
    "per_class": (_of_table, "labels or flags, or numbers for each class"),
    "roc": (of_scores, "scores or probabilities"),
    "pr": (of_scores, "scores or probabilities"),
    "calibration": (of_probabilities, "probabilities"),
    "residuals": (of_numbers, "numbers or ratings, of one target and one column"),
    "examples": (_of_rows, "numbers, ratings or probabilities, of one target"),
}
# Tells of single rows, so that whoever wants it has to say so.
_ONLY_BY_NAME = ("examples",)
_LIKE = f"Write true, or a list of {', '.join(_FITTING)}."


def parse_figures(given: Given, measures: Sequence[Measure]) -> Figures:
    """What stands under ``figures``: a list of names, or true for all that fit but examples.

    Raises:
        SpecError: a name is none, or fits no metric of the task.
    """
    value = given.values.get("figures", False)
    if value is False:
        return {}
    if value is True:
        found = _by_measure([name for name in _FITTING if name not in _ONLY_BY_NAME], measures)
        if not found:
            raise given.error("figures", "is true, but no metric here has any.", "Leave it out.")
        return found
    return _by_measure(_listed(given, value, measures), measures)


def check_number(figures: Collection[Figures]) -> None:
    """Raises SpecError: there are more than can be shown with one submission."""
    number = sum(len(names) for each in figures for names in each.values())
    if number > MOST_FIGURES:
        problem = f"makes {number} figures; a submission may have {MOST_FIGURES}."
        raise SpecError(problem, "List those that teams need.", "figures")


def _listed(given: Given, value: Any, measures: Sequence[Measure]) -> list[str]:
    if not isinstance(value, list) or not value:
        raise given.error("figures", f"{value!r} is no list of figures.", _LIKE)
    for number, name in enumerate(value):
        place = f"figures[{number}]"
        if not isinstance(name, str) or name not in _FITTING:
            raise given.error(place, f"{name!r} is no figure.", f"{near(str(name), _FITTING)}{_LIKE}")
        if name in value[:number]:
            raise given.error(place, f"{name!r} stands there twice.", "Leave one of them out.")
        fits, what = _FITTING[name]
        if not any(map(fits, measures)):
            raise given.error(place, f"{name} fits no metric here.", f"It is made of {what}; leave it out.")
    return value


def _by_measure(names: Collection[str], measures: Sequence[Measure]) -> Figures:
    """Each figure once for what is compared with what, beside the first metric that does so."""
    seen: set[tuple[Any, ...]] = set()
    found: dict[str, tuple[str, ...]] = {}
    for measure in measures:
        compared = measure.targets, measure.predictions, measure.positive
        fitting = [name for name in names if _FITTING[name][0](measure) and (name, *compared) not in seen]
        seen |= {(name, *compared) for name in fitting}
        if fitting:
            found[measure.name] = tuple(fitting)
    return found
