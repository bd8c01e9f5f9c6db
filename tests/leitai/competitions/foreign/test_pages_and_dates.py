"""HTML becomes Markdown without anything that acts; dates are read as their home reads them."""

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.foreign.dates import moment
from leitai.competitions.foreign.pages import below, has_tags, to_markdown
from leitai.competitions.foreign.report import Report
from leitai.competitions.foreign.values import Given
from leitai.web.filters import markdown

PAGES = [
    ("<h2>A <b>b</b></h2><p>c</p>", "## A **b**\n\nc\n"),
    ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n   - c\n"),
    ("<ol><li><p>one</p></li><li>two</li></ol>", "1. one\n2. two\n"),
    ("<p>1 * 2 &lt;b&gt; _x_ [y]</p>", "1 \\* 2 \\<b\\> \\_x\\_ \\[y\\]\n"),
    ("<p># no</p><p>1. no</p><p>- no</p>", "\\# no\n\n1\\. no\n\n\\- no\n"),
    ("<a href='https://a.example/b'>go</a>", "[go](https://a.example/b)\n"),
    ("<a href='javascript:alert(1)'>go</a>", "go\n"),
    ("<pre>a\n  *b*\n```</pre>", "````\na\n  *b*\n```\n````\n"),
    ("<table><tr><th>a<th>b<tr><td>1|<td>2</table>", "| a | b |\n|---|---|\n| 1\\| | 2 |\n"),
    ("<p>a<script>steal()</script>b<style>x{}</style></p><iframe>z</iframe>", "ab\n"),
    ("<img src='x.png' onerror='steal()' alt='A plot'>", "A plot\n"),
    ("<p>#</p><p>+</p><p>1.</p>", "\\#\n\n\\+\n\n1\\.\n"),
    ("", ""),
]


@pytest.mark.parametrize(("page", "wanted"), PAGES)
def test_html_becomes_markdown(page: str, wanted: str) -> None:
    assert to_markdown(page) == wanted


WORDS = st.sampled_from(
    [
        *(
            "<b>",
            "</b>",
            "<p>",
            "<ul><li>",
            "</ul>",
            "<script>",
            "</script>",
            "<a href='javascript:x'>",
            "</a>",
        ),
        *("<pre>", "</pre>", "<table><tr><td>", "</table>", "<img onerror=x alt='<i>'>", "&lt;img&gt;", "`"),
        *("*", "[x](javascript:y)", "a b", "<!--", "-->", "<style>", "</style>", "<code>", "</code>", "<h1>"),
    ]
)


@given(st.lists(WORDS, max_size=40).map("".join))
def test_whatever_a_page_holds_nothing_of_it_acts(page: str) -> None:
    shown = str(markdown(to_markdown(page)))
    assert not re.search(r"<(?:script|img|iframe|style)|href=\"javascript|<[^>]*\son\w+=", shown)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60))
def test_words_of_a_page_come_through(text: str) -> None:
    shown = str(markdown(to_markdown(f"<p>{html.escape(text)}</p>")))
    assert html.unescape(re.sub(r"<[^>]+>", "", shown)).strip() == text


def test_headings_go_deeper_but_not_in_code() -> None:
    assert below("# a\n\n```\n# b\n```\n\n###### c") == "## a\n\n```\n# b\n```\n\n###### c"


@pytest.mark.parametrize(("text", "found"), [("a <b>c</b>", True), ("`<b>`", False), ("a < b > c", False)])
def test_html_in_markdown_is_seen(text: str, *, found: bool) -> None:
    assert has_tags(text) is found


DATES = [
    ("1-2-2027", datetime(2027, 1, 2, tzinfo=UTC)),
    ("13-2-2027", datetime(2027, 2, 13, tzinfo=UTC)),
    ("12/31/2027 23:59", datetime(2027, 12, 31, 23, 59, tzinfo=UTC)),
    ("2027-01-02", datetime(2027, 1, 2, tzinfo=UTC)),
    ("2027-1-2 3:04:05".replace(" 3:", " 03:"), datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ("2027-01-02T03:04:05Z", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ("2027-01-02 03:04:05+08:00", datetime(2027, 1, 1, 19, 4, 5, tzinfo=UTC)),
    ("2027-01-02 03:04:05 UTC", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ("June 5, 2027 12:30", datetime(2027, 6, 5, 12, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("written", "wanted"), DATES)
def test_dates_are_read_as_their_home_reads_them(written: str, wanted: datetime) -> None:
    assert moment(Given({"at": written}, "x.yaml"), "at", Report()) == wanted


@pytest.mark.parametrize("written", ["soon", "2027-13-45", "31-31-2027", "1-1-1027", "2027-01-02T99:00"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(BundleError, match="is no date"):
        moment(Given({"at": written}, "x.yaml"), "at", Report())
