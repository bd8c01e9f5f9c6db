"""Detailed results as they are drawn: the numbers that were given, for everybody, hostile or not."""

import re
from typing import Any

import pytest
from apiflask import APIFlask
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from leitai.web.figures import drawn
from leitai.web.figures.axes import Axis, extent

HOSTILE = "<script>alert(1)</script>\u202e\u200b'\"><img src=x onerror=alert(1)>javascript:x"
SHOWN = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>javascript:x"
LONG = "x" * 80
FINITE = st.floats(allow_nan=False, allow_infinity=False)
MATRIX = {
    "kind": "matrix", "name": "confusion", "of": "accuracy", "labels": ["cat", "dog"],
    "counts": [[8, 2], [0, 5]], "others": False,
}  # fmt: skip
ROC = {
    "kind": "curve", "name": "roc", "x": "", "y": "", "diagonal": True,
    "lines": [
        {"name": "cat", "points": [[0, 0], [0.5, 0.75], [1, 1]]}, {"name": "dog", "points": [[0, 0.5]]},
    ],
}  # fmt: skip
RESIDUALS = {"kind": "histogram", "name": "residuals", "x": "", "edges": [-2, 0, 1, 2], "counts": [4, 8, 0]}
CLASSES = {
    "kind": "table", "name": "per_class", "columns": ["label", "rows", "precision"],
    "rows": [["cat", 1200, 0.9], ["", 3, None]],
}  # fmt: skip
EXAMPLES = {"kind": "examples", "name": "examples", "columns": ["id", "prediction"], "rows": [["t1", 2.5]]}


def seen(app: APIFlask, *figures: dict[str, Any], language: str = "en") -> list[Tag]:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        soup = BeautifulSoup("".join(drawn(figures)), "html.parser")
    return soup.find_all("figure")


def texts(found: Tag, selector: str) -> list[str]:
    return [each.get_text(strip=True) for each in found.select(selector)]


def values(line: Tag) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", str(line["points"]))]


def test_a_matrix_is_a_table_with_heads_counts_and_shares_of_the_row(app: APIFlask) -> None:
    (found,) = seen(app, MATRIX)
    assert texts(found, "h3") == ["Confusion matrix· accuracy"]
    assert texts(found, "th[scope=col]") == ["Answer", "Rows", "cat", "dog"]
    assert texts(found, "tbody th[scope=row]") == ["cat", "dog"]
    assert texts(found, "tbody td") == ["8", "2", "10", "0", "5", "5"]
    assert [cell["class"] for cell in found.select("tbody td:not(.total)")] == [
        ["hit", "shade-8"], ["miss", "shade-2"], ["miss", "shade-0"], ["hit", "shade-10"],
    ]  # fmt: skip
    assert "wide" not in found["class"]


def test_of_many_classes_the_last_are_all_others_and_neither_right_nor_wrong(app: APIFlask) -> None:
    labels = [f"class {n}" for n in range(30)] + [""]
    counts = [[int(row == column) for column in range(31)] for row in range(31)]
    (found,) = seen(app, MATRIX | {"labels": labels, "counts": counts, "others": True})
    assert "wide" in found["class"]
    assert texts(found, "tbody th")[-2:] == ["class 29", "All others"]
    assert found.select("tbody tr")[-1].select("td")[-2]["class"] == ["unsure", "shade-10"]
    assert found.select_one(".scroll[tabindex='0'][role=region]")


def test_a_curve_lies_where_its_points_are_and_has_them_as_a_table(app: APIFlask) -> None:
    (found,) = seen(app, ROC)
    picture = found.select_one("svg[role=img]")
    assert picture
    first, second = picture.select(".line polyline")
    x0, y0, x1, y1, x2, y2 = values(first)
    assert (x1, y1) == (pytest.approx((x0 + x2) / 2, abs=0.1), pytest.approx(y0 + 0.75 * (y2 - y0), abs=0.1))
    assert values(second) == [x0, pytest.approx((y0 + y2) / 2, abs=0.1)]
    diagonal = picture.select_one(".diagonal")
    assert diagonal
    assert [float(str(diagonal[name])) for name in ("x1", "y1", "x2", "y2")] == [x0, y0, x2, y2]
    named = " ".join(str(picture["aria-labelledby"]).split())
    assert [picture.select_one(f"#{name}") is not None for name in named.split()] == [True, True]
    assert "Across: False positive rate, from 0 to 1." in picture.get_text()
    assert texts(found, "tbody td") == ["0", "0", "0.5", "0.75", "1", "1", "0", "0.5"]
    assert texts(found, ".line-keys li") == ["cat", "dog", "guessing"]


def test_twelve_lines_all_differ_and_the_first_six_by_their_dashes_alone(app: APIFlask) -> None:
    lines = [{"name": f"class {n}", "points": [[0, n], [1, n]]} for n in range(12)]
    (found,) = seen(app, ROC | {"lines": lines})
    looks = [tuple(line["class"][1:]) for line in found.select("svg[role=img] .line")]
    assert len(set(looks)) == 12
    assert len({dash for _, dash in looks[:6]}) == 6


def test_a_histogram_has_bars_as_broad_as_what_they_count(app: APIFlask) -> None:
    (found,) = seen(app, RESIDUALS)
    bars = [
        {name: float(str(bar[name])) for name in ("x", "width", "height")} for bar in found.select("rect")
    ]
    assert bars[0]["width"] + 1 == pytest.approx(2 * (bars[1]["width"] + 1), abs=0.2)
    assert bars[1]["height"] == pytest.approx(2 * bars[0]["height"], abs=0.2)
    assert bars[2]["height"] == 0
    zero = found.select_one(".zero")
    assert zero
    assert float(str(zero["x1"])) == pytest.approx(bars[1]["x"])
    assert texts(found, "tbody td") == ["-2", "0", "4", "0", "1", "8", "1", "2", "0"]


def test_tables_and_examples_have_our_heads_and_each_value(app: APIFlask) -> None:
    classes, examples = seen(app, CLASSES, EXAMPLES)
    assert texts(classes, "thead th") == ["Class", "Rows", "Precision"]
    assert texts(classes, "tbody th, tbody td") == ["cat", "1,200", "0.90", "(empty)", "3", "–"]
    assert texts(examples, "thead th") == ["Id", "Prediction"]
    assert texts(examples, "tbody th, tbody td") == ["t1", "2.5"]


def test_programs_word_their_own_figures_in_either_language(app: APIFlask) -> None:
    own = ROC | {"name": "loss", "title": {"en": "Loss", "zh": "损失"}, "x": "step", "y": "loss"}
    for language, title in (("en", "Loss"), ("zh", "损失")):
        (found,) = seen(app, own, language=language)
        assert texts(found, "h3") == [title]
        assert texts(found, ".axis-name") == ["loss", "step"]
        assert found.select("figcaption p") == []
    (plain,) = seen(app, {**ROC, "name": "loss"})
    assert texts(plain, "h3") == ["loss"]


def hostile(text: str) -> list[dict[str, Any]]:
    lines = [{"name": text, "points": [[0, 0], [1, 1]]}]
    own = {"name": text, "of": text, "title": text}
    return [
        MATRIX | own | {"labels": [text, text]},
        ROC | own | {"x": text, "y": text, "lines": lines},
        RESIDUALS | own | {"x": text},
        CLASSES | own | {"columns": [text] * 3, "rows": [[text, text, text]]},
        EXAMPLES | own | {"columns": [text] * 2, "rows": [[text, text]]},
    ]


def test_hostile_text_is_text_wherever_it_stands(app: APIFlask) -> None:
    found = seen(app, *hostile(HOSTILE))
    assert len(found) == 5
    for figure in found:
        assert figure.find_all(["script", "img", "a", "iframe"]) == []
        assert not [name for tag in figure.select("*") for name in tag.attrs if name.startswith("on")]
        assert figure.find_all(style=True) == []
        assert SHOWN in figure.get_text()
        assert not {"\u202e", "\u200b"} & set(str(figure))


def test_long_labels_are_there_in_full(app: APIFlask) -> None:
    for figure in seen(app, *hostile(LONG)):
        assert LONG in texts(figure, "h3")[0]
    matrix = seen(app, MATRIX | {"labels": [LONG, "b"]})[0]
    assert texts(matrix, "tbody th") == [LONG, "b"]
    assert texts(matrix, ".predicted") == [LONG, "b"]


@tries(deadline=None, max_examples=60)
@given(st.lists(FINITE, min_size=1, max_size=6), st.booleans())
def test_whatever_finite_numbers_there_are_lie_within_the_axis(numbers: list[float], whole: bool) -> None:
    numbers = [float(round(number)) for number in numbers] if whole else numbers
    axis = Axis(*extent(numbers), 40, 390)
    marks = axis.marks()
    assert all(40 <= axis(number) <= 390 for number in numbers)
    assert 1 <= len(marks) <= 12
    assert all(40 <= mark.at <= 390 for mark in marks)
    assert len({mark.text for mark in marks}) == len(marks)


@pytest.mark.parametrize(
    ("numbers", "marks"),
    [
        ([0.2, 0.7], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([-2.0, 2.5], ["-2", "-1", "0", "1", "2"]),
        ([0, 400], ["0", "100", "200", "300", "400"]),
        ([0, 0], ["-0.4", "-0.2", "0", "0.2", "0.4"]),
        ([-1e308, 1e308], ["-1e+308", "-5e+307", "0", "5e+307", "1e+308"]),
    ],
)
def test_marks_are_round(numbers: list[float], marks: list[str]) -> None:
    assert [mark.text for mark in Axis(*extent(numbers), 0, 100).marks()] == marks
