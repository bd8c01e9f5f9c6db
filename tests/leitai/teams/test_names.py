"""Names that look the same are the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leitai import db
from leitai.errors import Conflict
from leitai.teams import service
from leitai.teams.models import Team, essence
from tests.leitai.factories import make_person, make_team

LETTERS = st.text("abcXYZ019ÄéßΣ擂台队", min_size=1, max_size=30)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(LETTERS)
def test_case_width_and_spaces_make_no_other_name(name: str) -> None:
    assert essence(name) == essence(name.swapcase().swapcase())
    assert essence(name) == essence(name.upper()) == essence(name.lower())
    assert essence(name) == essence(name.translate(FULL_WIDTH))
    assert essence(name) == essence(" ".join(name)) == essence(f"\u3000{name}\u00a0")


@given(st.text(max_size=80))
@example("A\u00b4")
def test_what_two_names_share_fits_its_column(name: str) -> None:
    assert len(essence(name)) <= Team.__table__.c.essence.type.length
    assert essence(essence(name)) == essence(name)


@given(LETTERS, LETTERS)
def test_names_that_differ_in_more_are_two(one: str, other: str) -> None:
    if one.casefold() != other.casefold():
        assert essence(one) != essence(other)


@pytest.mark.parametrize(
    "name", ["night owls", "NIGHTOWLS", "Ｎｉｇｈｔ Owls", "Night\u00a0Owls", "Night\u200bOwls"]
)
def test_a_name_that_looks_like_anothers_is_refused(both_databases: object, name: str) -> None:
    with db.transaction() as session:
        make_team(session, name="Night Owls")
        with pytest.raises(Conflict, match="looks the same"):
            service.form_team(session, make_person(session), name, "CN")


def test_a_free_name_gets_a_number(database: object) -> None:
    with db.transaction() as session:
        assert service.free_name(session, "Li Ming") == "Li Ming"
        make_team(session, name="Li Ming")
        make_team(session, name="LI MING 2")
        assert service.free_name(session, "Li Ming") == "Li Ming 3"
        assert service.free_name(session, "Li%") == "Li%"
