"""How values are written on pages."""

from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from bs4 import BeautifulSoup

from leitai import db
from leitai.web import filters
from leitai.web.languages import words


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (123_456, "123 kB"), (20_000_000, "20.0 MB")],
)
def test_sizes_are_written_in_the_unit_that_fits(value: int | None, text: str) -> None:
    assert filters.size(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (3307, "3,307"),
        (0.5, "0.500000"),
        (0.45214, "0.452140"),
        (1413.25, "1413.25"),
        (1e-9, "1e-09"),
    ],
)
def test_scores_have_six_digits_and_counts_have_separators(value: float | None, text: str) -> None:
    assert filters.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.314, "0.31 s"), (8.41, "8.41 s"), (93.2, "93.2 s"), (200, "3 min 20 s")],
)
def test_durations_are_written_for_people(value: float | None, text: str) -> None:
    assert filters.seconds(value) == text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/track.png)",
        '<a href="x" onclick="alert(1)">x</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_markdown_never_becomes_a_script_or_a_foreign_picture(hostile: str) -> None:
    page = BeautifulSoup(filters.markdown(hostile), "html.parser")
    assert page.find(["script", "img", "iframe", "object"]) is None
    for element in page.select("*"):
        assert set(element.attrs) <= {"href", "rel", "title"}
        assert element.get("href", "https:").startswith("https:")


def test_markdown_keeps_what_statements_need() -> None:
    html = filters.markdown("## Data\n\n| a | b |\n|---|---|\n| 1 | `x` |\n\n[rules](https://example.org)")
    assert "<h2>Data</h2>" in html
    assert "<td><code>x</code></td>" in html
    assert '<a href="https://example.org" rel="noopener nofollow">rules</a>' in html


def test_a_time_carries_its_utc_moment_for_the_script(app: APIFlask) -> None:
    at = datetime(2026, 8, 11, 14, 2, 31, 80_000, tzinfo=UTC)
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        html = filters.moment(at)
    assert 'datetime="2026-08-11T14:02:31.080+00:00"' in html
    assert "11 Aug 2026 14:02:31 UTC" in html


def test_how_long_ago_is_told_in_both_languages(app: APIFlask) -> None:
    at = db.now() - timedelta(minutes=8)
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert "8 minutes ago" in filters.ago(at)
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        assert "8分钟前" in filters.ago(at)


def test_a_text_comes_in_the_readers_language_or_in_the_one_it_has(app: APIFlask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}):
        assert words({"en": "Load", "zh": "负荷"}) == "负荷"
        assert words({"en": "Load"}) == "Load"
        assert words({}) == ""
