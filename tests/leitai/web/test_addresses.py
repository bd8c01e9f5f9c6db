"""Where a browser may be sent after a form: never to another site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.web.addresses import local_path


@pytest.mark.parametrize("wanted", ["/", "/teams", "/competitions/demo/task?tab=data&page=2", "/中文"])
def test_a_path_of_this_site_is_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "teams",
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        " //elsewhere.example",
        "/a\\b",
    ],
)
def test_whatever_a_browser_could_read_as_another_site_becomes_the_front_page(wanted: str) -> None:
    assert local_path(wanted) == "/"


@given(st.text(alphabet="/\\ab:.@\t\n\r ", max_size=12))
def test_what_is_kept_starts_with_one_slash_and_holds_no_control_character(wanted: str) -> None:
    kept = local_path(wanted)
    assert kept.startswith("/")
    assert kept[1:2] not in {"/", "\\"}
    assert not set(kept) & set("\t\n\r \\")
