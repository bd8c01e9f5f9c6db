"""The list of a team's submissions, and what holds for every page: both languages, nothing hostile."""

import pytest
from bs4 import BeautifulSoup

from leitai.submissions.models import State
from tests.leitai.conftest import SignIn
from tests.leitai.submissions.pages import (
    HOSTILE,
    World,
    handed_in,
    in_world,
    rejected,
    scored,
    text_of,
    upload,
)


def test_the_list_shows_states_scores_and_what_is_left(world: World, sign_in: SignIn) -> None:
    scored(world, 0.25, message="a good one")
    scored(world, 0.75)
    in_world(world, state=State.CANCELLED)
    page = sign_in(world["member"]).get(f"{world.address}/submissions")
    shown = text_of(page)
    for text in ("0.250000", "0.750000", "a good one", "scored", "cancelled", "Left today 3"):
        assert text in shown
    assert "rmse over time" in page.text
    assert "123.456" not in page.text


def test_the_list_is_only_of_ones_own_team(world: World, sign_in: SignIn) -> None:
    scored(world, 0.25, message="secret idea")
    for role in ("rival", "stranger", "organizer", "judge", "operator"):
        assert "secret idea" not in text_of(sign_in(world[role]).get(f"{world.address}/submissions"))


def test_nothing_hostile_comes_unescaped_into_a_page(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["captain"])
    name = HOSTILE.replace('"', "").replace("/", "")
    assert upload(client, world, name=f"{name}.csv", message=HOSTILE).status_code == 303
    (row,) = handed_in()
    bad = rejected(
        world, "runtime_error", {"exit_code": HOSTILE}, log=HOSTILE, file_name=HOSTILE[:200], message=HOSTILE
    )
    for address in (
        f"/submissions/{row.id}", f"/submissions/{row.id}/progress", f"/submissions/{bad.id}",
        f"{world.address}/submissions",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
    assert not {"\u202e", "\x1b"} & set(row.file_name + row.message)
    told = upload(client, world, name=f"{name}.exe")
    assert "<script>alert" not in told.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_there_in_both_languages(world: World, sign_in: SignIn, language: str) -> None:
    client = sign_in(world["captain"])
    with client.session_transaction() as cookie:
        cookie["language"] = language
    row = rejected(world, "missing_ids", {"count": 3, "examples": ["a"]})
    for address in (f"{world.address}/submit", f"{world.address}/submissions", f"/submissions/{row.id}"):
        page = BeautifulSoup(client.get(address).data, "html.parser")
        assert page.html is not None
        assert page.html["lang"] == {"en": "en", "zh": "zh-CN"}[language]
