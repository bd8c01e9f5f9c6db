"""The catalogue of metrics in words, for the page of the portal and as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

import evaluators
from evaluators.catalogue import THEMES, MetricInfo
from evaluators.catalogue.needs import NEEDS
from leitai.errors import N_

Say = Callable[..., str]
"""Puts an English text, with its parameters by name, into the reader's language."""

GENERAL = (
    N_(
        "In the formulas y is the answer, ŷ the prediction, n the number of rows; TP, FP, FN count the rows "
        "of a class."
    ),
    N_(
        "For every metric: without rows there is no score. A prediction that is no finite number rejects the "
        "submission, and so does one whose score would be none; an answer that is no finite number, or "
        "leaves the score undefined, is the organizer's to mend."
    ),
)
_GROUPS = {
    "ranking": N_("the column of the reference that names the query"),
    "items": N_("the column of the reference that names the list, like a customer"),
    "series": N_("the column of the reference that names the series"),
    "outcomes": N_("the column of the reference that names the problem"),
    "tracks": N_("the column of the reference that names the sequence, like a video"),
}


def in_english(text: str, **params: str) -> str:
    """Say it as it stands."""
    return text % params if params else text


@dataclass(frozen=True)
class Setting:
    """A key beside the usual ones: what it does, what it may be, and what holds without it."""

    name: str
    what: str
    values: str
    default: str


def facts(info: MetricInfo, say: Say) -> Iterator[tuple[str, str]]:
    """What is told of a metric in a line each, after a word that names it."""
    better = say(N_("higher is better")) if info.direction == "higher" else say(N_("lower is better"))
    yield say(N_("Direction")), better
    yield (
        say(N_("Range")),
        say(N_("%(low)s to %(high)s"), low=_bound(info.low, "−∞"), high=_bound(info.high, "∞")),
    )
    yield from _columns(info, say)
    yield say(N_("Degenerate input")), say(info.degenerate)
    if info.ties:
        yield say(N_("Ties")), say(info.ties)
    yield say(N_("Source")), info.source


def settings(info: MetricInfo, say: Say) -> Iterator[Setting]:
    """The keys that only this metric has."""
    required, column = say(N_("it must be given")), say(N_("a column of the reference"))
    if info.needs in _GROUPS:
        default = say(N_("all rows of a split are one list")) if info.overall else required
        yield Setting("group", say(_GROUPS[info.needs]), column, default)
    for name, meaning in info.beside.items():
        yield Setting(name, say(meaning), column, required)
    for name, parameter in info.parameters.items():
        default = required if parameter.required else say(parameter.default).strip("`")
        yield Setting(name, say(parameter.what), say(parameter.meaning), default)


def example(info: MetricInfo) -> str:
    """The metric as a task may name it."""
    flow = yaml.safe_dump(
        info.entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1000
    )
    return f"- {flow.strip()}"


def _bound(value: float | None, infinite: str) -> str:
    return infinite if value is None else f"{value:g}".replace("-", "−")


def _columns(info: MetricInfo, say: Say) -> Iterator[tuple[str, str]]:
    if info.measured:
        return
    target, prediction, each = say(N_("Target")), say(N_("Prediction")), say(info.each)
    if info.target_columns:
        yield target, _listed(info.target_columns, say)
    elif info.by_column and info.least > 1:
        yield target, say(N_("a list with a column for each %(each)s"), each=each)
    if info.columns:
        yield prediction, _listed(info.columns, say)
    elif info.least > 1:
        yield prediction, say(N_("a list with a column for each %(each)s"), each=each)
    elif info.several:
        yield prediction, say(N_("one column, or a list with one for each %(each)s"), each=each)
    else:
        yield prediction, say(N_("one column"))


def _listed(meanings: tuple[str, ...], say: Say) -> str:
    return say(N_("a list of columns: %(names)s"), names=", ".join(map(say, meanings)))


def markdown(name: str | None = None) -> str:
    """The whole catalogue, or the entry of one metric, in English."""
    if name:
        return "\n".join(_entry(evaluators.metrics()[name]))
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# Metrics\n"
    yield from (f"{text}\n" for text in GENERAL)
    for theme in THEMES:
        yield f"## {theme.TITLE}\n"
        for info in theme.METRICS:
            yield from _entry(info)
    yield "## What columns hold\n"
    for needed in NEEDS.values():
        yield f"### {needed.title}\n\n{needed.what}\n"


def _entry(info: MetricInfo) -> Iterator[str]:
    yield f"### {info.title}: `{info.name}`\n\n{info.what}\n"
    yield f"    {info.formula}\n"
    yield from (f"- {label}: {text}" for label, text in facts(info, in_english))
    yield f"- Needs: {NEEDS[info.needs].title}"
    yield from _table(list(settings(info, in_english)))
    yield f"\n```yaml\n{example(info)}\n```\n"


def _table(rows: Sequence[Setting]) -> Iterator[str]:
    if rows:
        yield "\n| key | what it does | values | without it |\n|---|---|---|---|"
    yield from (f"| `{row.name}` | {row.what} | {row.values} | {row.default} |" for row in rows)
