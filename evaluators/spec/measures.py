"""One metric of a task: checked, and made into values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.catalogue import METRICS, MetricInfo
from evaluators.catalogue.parameters import AVERAGES
from evaluators.spec.given import Given, near
from evaluators.spec.groups import Groups, parse_groups
from evaluators.spec.scales import Range, Scale, parse_scale

_KEYS = ("metric", "name", "target", "prediction")
_MORE_KEYS = ("scale", "by", "over", "show_groups")
_GROUPS = {"ranking": "query", "items": "list", "series": "series"}
_GROUPS |= {"outcomes": "problem", "tracks": "sequence"}
_WITHOUT_TARGET = ("front", "free_texts")
# Settings with a value for each column.
_ONE_FOR_EACH = ("quantiles", "times", "positions", "reference_point", "directions")
_SIDES = {"target": "reference that holds the answer", "prediction": "submission with the predictions"}


@dataclass(frozen=True)
class Measure:
    """One metric as a task uses it: ``parameters`` are the formula's own, by keyword.

    With several targets it is the mean over them, unless its formula takes them all. With ``groups`` it is
    the mean or the worst over groups of rows. With a ``scale`` its score is shown in points.
    """

    info: MetricInfo
    name: str
    targets: tuple[str, ...]
    predictions: tuple[str, ...]
    group: str | None = None
    labels: tuple[str, ...] = ()
    positive: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    scale: Scale | None = None
    groups: Groups | None = None
    longest: int = 0

    @property
    def by_column(self) -> bool:
        """Whether each target has a prediction of its own."""
        one_prediction = self.info.target_columns or self.info.references
        return self.info.by_column or (len(self.targets) > 1 and not one_prediction)

    @property
    def names(self) -> list[str]:
        """Its own name, and those of the groups that are shown."""
        return [self.name, *(self.groups.names(self.name) if self.groups else ())]

    @property
    def libraries(self) -> tuple[str, ...]:
        """Those whose version its digits may depend on."""
        jieba = self.parameters.get("tokenize") == "jieba"
        return (*self.info.libraries, "jieba") if jieba else self.info.libraries

    @property
    def range(self) -> Range:
        """Where the score lies as it is shown."""
        return Range.of(self.info).scaled(self.scale)

    @property
    def target(self) -> str:
        """The column of the answer, where there is one."""
        return self.targets[0]

    @property
    def answer_columns(self) -> list[tuple[str, str]]:
        """Each column of the reference, after the key that names it."""
        group = [("group", self.group)] if self.group else []
        by = [("by", self.groups.column)] if self.groups else []
        return [*(("target", name) for name in self.targets), *group, *self.beside.items(), *by]

    @property
    def columns(self) -> list["Measure"]:
        """The same for each target alone, with its prediction."""
        pairs = zip(self.targets, self.predictions, strict=True)
        return [replace(self, targets=(target,), predictions=(name,)) for target, name in pairs]


def parse_measure(given: Given) -> Measure:
    """A metric of the list.

    Raises:
        SpecError: it cannot be used.
    """
    info = _info(given)
    group_keys = ("group",) if info.needs in _GROUPS else ()
    keys = [key for key in _KEYS if key != "target" or info.needs not in _WITHOUT_TARGET]
    given.check_keys(dict.fromkeys([*keys, *group_keys, *info.beside, *info.parameters, *_MORE_KEYS]))
    targets = _targets(given, info)
    settings = {name: given.parameter(name, parameter) for name, parameter in info.parameters.items()}
    longest = settings.pop("longest", None) or info.longest
    measure = Measure(
        info=info,
        name=given.name(info.name),
        targets=targets,
        predictions=_predictions(given, info, targets),
        group=_group(given, info),
        labels=tuple(str(label) for label in settings.pop("labels", None) or ()),
        positive=_text(settings.pop("positive", None)),
        parameters={name: value for name, value in settings.items() if value is not None},
        beside={key: given.column(key, meaning) for key, meaning in info.beside.items()},
        scale=None if "scale" in info.beside else parse_scale(given, info.direction),
        groups=parse_groups(given),
        longest=longest,
    )
    _check_classes(measure, given)
    _check_numbers(measure, given)
    return measure


def _info(given: Given) -> MetricInfo:
    name = given.values.get("metric")
    if name is None:
        raise given.error("metric", "is missing.", f"Choose one of {', '.join(METRICS)}.")
    if not isinstance(name, str) or name not in METRICS:
        remedy = near(str(name), METRICS) or f"The metrics are {', '.join(METRICS)}."
        raise given.error("metric", f"{name!r} is no metric.", remedy.strip())
    return METRICS[name]


def _targets(given: Given, info: MetricInfo) -> tuple[str, ...]:
    if info.needs in _WITHOUT_TARGET:
        return ()
    if info.target_columns:
        return _fixed(given, "target", given.values.get("target"), info.target_columns)
    if info.by_column and "target" in given.values:
        return _for_each(given, "target", given.values["target"], info.each, info.least)
    if isinstance(given.values.get("target"), list) and not info.columns and info.least == 1:
        each = "reference" if info.references else "target"
        return _for_each(given, "target", given.values["target"], each, 1)
    return (given.column("target", "the column of the reference that holds the answer"),)


def _group(given: Given, info: MetricInfo) -> str | None:
    if info.needs not in _GROUPS or (info.overall and "group" not in given.values):
        return None
    return given.column("group", f"the column that names the {_GROUPS[info.needs]}")


def _fixed(given: Given, key: str, value: Any, meanings: tuple[str, ...]) -> tuple[str, ...]:
    """A column for each of these meanings."""
    if not isinstance(value, list) or len(value) != len(meanings):
        remedy = f"Name the columns of {' and '.join(meanings)}, as a list in this order."
        raise given.error(key, f"is no list of {len(meanings)} columns.", remedy)
    named = zip(value, meanings, strict=True)
    names = [
        given.column_name(name, f"{key}[{n}]", f"the {role} column") for n, (name, role) in enumerate(named)
    ]
    if len(set(names)) < len(names):
        raise given.error(
            key, "names a column twice.", f"Name a column for {' and one for '.join(meanings)}."
        )
    return tuple(names)


def _predictions(given: Given, info: MetricInfo, targets: tuple[str, ...]) -> tuple[str, ...]:
    several = len(targets) > 1 and not info.references
    default = list(targets) if several else targets[0] if len(targets) == 1 else None
    value, key = given.values.get("prediction", default), "prediction"
    if info.columns:
        return _fixed(given, key, value, info.columns)
    if info.by_column or (several and not info.target_columns):
        return _for_each_target(given, value, info, targets)
    if isinstance(value, list) and not info.several:
        raise given.error(key, f"is a list, and {info.name} takes one column.", "Name one column.")
    return _for_each(given, key, value, info.each, info.least)


def _for_each_target(given: Given, value: Any, info: MetricInfo, targets: tuple[str, ...]) -> tuple[str, ...]:
    each, least = (info.each, info.least) if info.by_column else ("target", 2)
    names = _for_each(given, "prediction", value, each, least)
    if len(names) != len(targets):
        problem = f"names {len(names)} of {len(targets)} columns."
        raise given.error("prediction", problem, "Name the column of each target, in the same order.")
    return names


def _for_each(given: Given, key: str, value: Any, each: str, least: int) -> tuple[str, ...]:
    """One column, or a list with one for each class, label or target."""
    remedy = f"Name a column for each {each}."
    if not isinstance(value, list):
        if least > 1:
            raise given.error(key, "is no list of columns.", remedy)
        return (given.column_name(value, key, f"the column of the {_SIDES[key]}"),)
    meaning = f"the column of one {each}"
    names = [given.column_name(name, f"{key}[{n}]", meaning) for n, name in enumerate(value)]
    if len(names) < 2:
        one = "for two classes one column" if each == "class" else f"for one {each} its column"
        enough = f"{remedy[:-1]}; {one}, without a list, is enough."
        raise given.error(key, f"is a list of {len(names)}.", enough if least == 1 else remedy)
    if len(set(names)) < len(names):
        raise given.error(key, "names a column twice.", remedy)
    return tuple(names)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _check_classes(measure: Measure, given: Given) -> None:
    columns = 1 if measure.by_column else len(measure.predictions)
    labels, positive = measure.labels, measure.positive
    if columns > 1 and positive is not None:
        remedy = "Leave it out; labels says which column belongs to which class."
        raise given.error("positive", "is given beside a column for each class.", remedy)
    if columns > 1 and labels and len(labels) != columns:
        problem = f"has {len(labels)} labels for {columns} columns."
        raise given.error("labels", problem, "Give the label of each column, in the same order.")
    if columns > 1 and measure.parameters.get("k", 0) >= columns:
        problem = f"is {measure.parameters['k']} of {columns} columns: every row would be right."
        raise given.error("k", problem, f"Write a whole number below {columns}.")
    if labels and positive is not None and positive not in labels:
        raise given.error(
            "positive", f"{positive!r} is not among labels.", f"Choose one of {', '.join(labels)}."
        )
    if positive is not None and "average" in measure.info.parameters:
        _check_average(measure, given)


def _check_numbers(measure: Measure, given: Given) -> None:
    alike = measure.by_column and not measure.info.by_column
    columns = 1 if alike else len(measure.predictions)
    for name in _ONE_FOR_EACH:
        values = measure.parameters.get(name)
        if values is not None and len(values) != columns:
            problem = f"has {len(values)} {name if name.endswith('s') else 'values'} for {columns} columns."
            raise given.error(name, problem, "Give one for each column, in the same order.")


def _check_average(measure: Measure, given: Given) -> None:
    if measure.parameters.get("average") != "binary":
        others = ", ".join(name for name in AVERAGES if name != "binary")
        remedy = f"Add average: binary, or leave positive out: {others} look at every class."
        raise given.error("positive", "is given, but the average is not binary.", remedy)
