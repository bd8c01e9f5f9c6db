"""No metric without its whole entry, an oracle and degenerate cases; what entries say can be used."""

import re
from importlib import import_module
from itertools import chain

import pytest

import evaluators
from evaluators import formulas
from evaluators.catalogue import THEMES, MetricInfo, parameters
from evaluators.catalogue.needs import NEEDS
from evaluators.measuring import formula
from tests.evaluators.oracle import oracle_of

METRICS = evaluators.metrics()
EACH = [pytest.param(info, id=name) for name, info in METRICS.items()]
COMPUTED = [each for each in EACH if not each.values[0].measured]


@pytest.mark.parametrize("info", EACH)
def test_an_entry_is_whole(info: MetricInfo) -> None:
    assert info.title
    assert info.formula
    assert any(character.isdigit() for character in info.source), "a source has a year"
    assert info.what.endswith(".")
    assert info.degenerate.endswith(".")
    assert not info.ties or info.ties.endswith(".")
    assert NEEDS[info.needs].what.endswith(".")


@pytest.mark.parametrize("info", EACH)
def test_the_example_of_an_entry_can_be_used(info: MetricInfo) -> None:
    compared = [{"metric": "mae", "name": "other", "target": "y"}] if info.measured else []
    [column, *_] = evaluators.columns({"id": "id", "split": "split", "metrics": [info.entry, *compared]})
    assert (column.metric, column.direction) == (info.name, info.direction)


@pytest.mark.parametrize("info", EACH)
def test_parameters_say_what_they_do_and_what_holds_without_them(info: MetricInfo) -> None:
    for parameter in info.parameters.values():
        assert parameter.what.endswith(".")
        assert parameter.meaning
        assert bool(parameter.default) != parameter.required
        assert parameter.required or " " in parameter.default or re.fullmatch(r"`\S+`", parameter.default)


@pytest.mark.parametrize("info", COMPUTED)
def test_a_metric_has_an_oracle_and_degenerate_cases(info: MetricInfo) -> None:
    oracle = oracle_of(info.theme, info.name)
    assert oracle, f"tests/evaluators/oracles/{info.theme}.py has no oracle for it"
    assert oracle.edges, "its oracle has no edges: degenerate input and what comes of it"
    assert oracle.score is not formula(info)


def test_every_name_title_and_heading_stands_once() -> None:
    entries = list(chain.from_iterable(theme.METRICS for theme in THEMES))
    assert [info.name for info in entries] == list(METRICS)
    assert len({info.title for info in entries}) == len(entries)
    assert len({theme.TITLE for theme in THEMES}) == len(THEMES)


@pytest.mark.parametrize("theme", {each.values[0].theme for each in COMPUTED})
def test_no_formula_of_a_theme_lacks_an_entry(theme: str) -> None:
    module = import_module(f"{formulas.__name__}.{theme}")
    own = {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
    }
    public = {name for name, value in own.items() if hasattr(value, "__wrapped__")}
    assert public <= {info.name for info in METRICS.values() if info.theme == theme}


@pytest.mark.parametrize(
    ("parameter", "ways"),
    [
        (parameters.AVERAGE, parameters.AVERAGES),
        (parameters.WEIGHTS, ("none", "linear", "quadratic")),
        (parameters.ONE_CLASS, ("refuse", "skip")),
    ],
)
def test_a_choice_names_its_ways(parameter: parameters.Parameter, ways: tuple[str, ...]) -> None:
    assert parameter.meaning == f"one of {', '.join(ways)}"
    assert all(map(parameter.accepts, ways))
    assert not any(map(parameter.accepts, (parameter.meaning, "one of", "", None, 1, [ways[0]])))
