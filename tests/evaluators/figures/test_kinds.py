"""The form of figures: what passes as it is, and what is refused before anybody sees it."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.figures.kinds import BUILT_IN, FigureTrouble, checked

MATRIX = {"kind": "matrix", "name": "confusion", "of": "F1", "labels": ["a", "b"], "counts": [[3, 0], [1, 2]]}
LINE = {"name": "yes", "points": [[0, 0], [0.5, 1]]}
CURVE = {"kind": "curve", "name": "Loss", "x": "round", "y": "loss", "lines": [LINE], "diagonal": True}
HISTOGRAM = {"kind": "histogram", "name": "residuals", "edges": [0, 0.5, 1], "counts": [4, 1]}
TABLE = {
    "kind": "table",
    "name": "By shop",
    "columns": ["shop", "mae"],
    "rows": [["a <b>", 0.5], ["z", None]],
}
EXAMPLES = {"kind": "examples", "name": "Worst", "columns": ["id", "said"], "rows": [["r1", 0.5], [7, "x"]]}
ALL = (MATRIX, CURVE, HISTOGRAM, TABLE, EXAMPLES)
DEFAULTS: dict[str, Any] = {"matrix": {"others": False}, "histogram": {"x": ""}}


def complaint(*figures: Any) -> str:
    with pytest.raises(FigureTrouble) as refused:
        checked(list(figures))
    return str(refused.value)


def test_each_kind_passes_with_its_defaults_filled_in() -> None:
    found = checked([*ALL])
    told = {**EXAMPLES, "rows": [["r1", 0.5], ["7", "x"]]}
    assert found == [DEFAULTS.get(str(each["kind"]), {}) | each for each in (*ALL[:-1], told)]
    assert checked(json.loads(json.dumps(found))) == found


def test_no_figures_pass() -> None:
    assert checked([]) == []


def test_titles_are_one_text_or_one_for_each_language() -> None:
    assert checked([{**TABLE, "title": "Shops"}])[0]["title"] == "Shops"
    both = {"en": "Shops", "zh": "门店"}
    assert checked([{**TABLE, "title": both}])[0]["title"] == both
    assert complaint({**TABLE, "title": {"en": "Shops"}}) == "figures[0].title.zh is no text."


def test_numbers_of_numpy_become_plain_ones() -> None:
    rows = [["a", np.float32(0.5)], ["b", np.int64(3)]]
    found = checked([{**TABLE, "rows": rows}])[0]["rows"]
    assert [type(row[1]) for row in found] == [float, int]
    assert found == [["a", 0.5], ["b", 3]]


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("matrix", "figures[0] is no mapping."),
        ({}, "figures[0].kind is none of matrix, curve, histogram, table, examples."),
        ({**MATRIX, "kind": ["matrix"]}, "figures[0].kind is none of matrix"),
        ({**MATRIX, "name": ""}, "figures[0].name has 0 characters; it may have 1 to 80."),
        ({**MATRIX, "name": "x" * 81}, "has 81 characters"),
        ({**MATRIX, "name": "a\u202eb"}, "figures[0].name has characters that cannot be printed."),
        ({**MATRIX, "name": "roc"}, "has the name 'roc', which only a curve may have."),
        ({**MATRIX, "colour": "red"}, "has a key 'colour'; it may have kind, name, of, title, labels"),
        ({**MATRIX, "of": 3}, "figures[0].of is no text."),
        ({**MATRIX, "labels": ["a", 2]}, "figures[0].labels[1] is no text."),
        ({**MATRIX, "labels": ["a"] * 31}, "labels has 31 entries; it may have 1 to 30."),
        ({**MATRIX, "others": True}, "labels must end with an empty text"),
        ({**MATRIX, "others": 1}, "others is neither true nor false."),
        ({**MATRIX, "counts": [[1, 2]]}, "figures[0].counts has 1 entries; it may have 2."),
        ({**MATRIX, "counts": [[1, 2], [3]]}, "figures[0].counts[1] has 1 entries"),
        ({**MATRIX, "counts": [[1, 2], [3, -1]]}, "figures[0].counts[1][1] is no whole number from 0"),
        ({**MATRIX, "counts": [[1, 2], [3, 0.5]]}, "is no whole number"),
        ({**MATRIX, "counts": [[1, 2], [3, True]]}, "is no whole number"),
        ({**MATRIX, "counts": [[1, 2], [3, 10**400]]}, "is no whole number"),
        ({**CURVE, "lines": []}, "figures[0].lines has 0 entries; it may have 1 to 12."),
        ({**CURVE, "lines": [LINE] * 13}, "lines has 13 entries"),
        ({**CURVE, "lines": [{"name": "a", "points": [[0, 0]] * 102}]}, "points has 102 entries"),
        ({**CURVE, "lines": [{"name": "a", "points": [[0, 0, 0]]}]}, "points[0] has 3 entries"),
        ({**CURVE, "lines": [{"name": "a", "points": [[0, float("nan")]]}]}, "is no finite number."),
        ({**CURVE, "lines": [{"name": "a", "points": [[0, 10**400]]}]}, "is no finite number."),
        ({**CURVE, "lines": [{"name": "a", "points": [[0, "1"]]}]}, "points[0][1] is no number."),
        ({**CURVE, "lines": [{**LINE, "stroke": "url(#a)"}]}, "lines[0] has a key 'stroke'"),
        ({**CURVE, "x": "a\nb"}, "figures[0].x has characters that cannot be printed."),
        ({**HISTOGRAM, "edges": [0, 1, 1]}, "figures[0].edges must rise from each to the next."),
        ({**HISTOGRAM, "edges": [0, 1, float("inf")]}, "edges[2] is no finite number."),
        ({**HISTOGRAM, "edges": list(range(62)), "counts": [1] * 61}, "edges has 62 entries"),
        ({**HISTOGRAM, "counts": [1]}, "counts has 1 entries; it may have 2."),
        ({**TABLE, "columns": ["c"] * 13}, "columns has 13 entries; it may have 1 to 12."),
        ({**TABLE, "rows": [["a", 1]] * 201}, "rows has 201 entries; it may have 0 to 200."),
        ({**TABLE, "rows": [["a"]]}, "figures[0].rows[0] has 1 entries; it may have 2."),
        ({**TABLE, "rows": [["a", {}]]}, "figures[0].rows[0][1] is no number."),
        ({**TABLE, "rows": [["a", True]]}, "figures[0].rows[0][1] is no number."),
        ({**TABLE, "rows": [["a\x00", 1]]}, "rows[0][0] has characters that cannot be printed."),
        ({**TABLE, "rows": [["a" * 201, 1]]}, "rows[0][0] has 201 characters"),
        ({**TABLE, "rows": "ab"}, "figures[0].rows is no list."),
        ({**EXAMPLES, "rows": [["a", 1]] * 51}, "rows has 51 entries; it may have 0 to 50."),
        ({**EXAMPLES, "rows": [[None, 1]]}, "figures[0].rows[0][0] is no id."),
        ({**EXAMPLES, "rows": [[0.5, 1]]}, "figures[0].rows[0][0] is no id."),
    ],
)
def test_another_form_is_refused_with_its_place(figure: Any, words: str) -> None:
    assert words in complaint(figure)


@pytest.mark.parametrize("figures", [None, {}, "[]", 3])
def test_what_is_no_list_of_figures_is_refused(figures: Any) -> None:
    with pytest.raises(FigureTrouble, match=r"^figures is no list\.$"):
        checked(figures)


def test_more_figures_than_a_page_shows_are_refused() -> None:
    figures = [{**TABLE, "name": f"Table {number}"} for number in range(13)]
    assert len(checked(figures[:12])) == 12
    assert complaint(*figures) == "figures has 13 entries; it may have 0 to 12."


def test_two_figures_are_told_apart_by_name_and_measure() -> None:
    assert len(checked([MATRIX, {**MATRIX, "of": "Accuracy"}])) == 2
    assert complaint(TABLE, TABLE) == "figures[1] has the name of another one, 'By shop'."


def test_figures_are_bounded_together() -> None:
    wide = [{**TABLE, "name": f"Wide {n}", "rows": [["é" * 200, 1]] * 200} for n in range(3)]
    assert len(checked(wide[:2])) == 2
    assert complaint(*wide) == "The figures have 245,625 bytes together; they may have 200,000."


def test_the_form_of_figures_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'polars', 'scipy', 'sklearn', 'pandas'}"
    code = f"import sys, evaluators.figures.kinds; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


KEYS = ("kind", "name", "of", "title", "x", "lines", "points", "edges", "counts", "labels", "columns", "rows")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANYTHING = st.recursive(
    LEAVES | st.sampled_from([*BUILT_IN, *BUILT_IN.values()]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
CHANGED = st.tuples(st.sampled_from(ALL), st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=2)).map(
    lambda pair: {**pair[0], **pair[1]}
)


@settings(max_examples=200)
@given(st.lists(ANYTHING | CHANGED, max_size=2) | ANYTHING)
def test_whatever_is_given_is_refused_in_words_or_plain_json(figures: Any) -> None:
    found, words = [], ""
    try:
        found = checked(figures)
    except FigureTrouble as trouble:
        words = str(trouble)
    assert words.isprintable()
    assert checked(json.loads(json.dumps(found, allow_nan=False))) == found
