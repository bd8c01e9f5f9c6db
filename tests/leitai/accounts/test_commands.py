"""`leitai operators` from a terminal."""

import pytest
from click.testing import CliRunner, Result

from leitai import db
from leitai.cli import leitai
from tests.leitai.factories import make_person


def operators(*words: str) -> Result:
    return CliRunner().invoke(leitai, ["operators", *words])


@pytest.fixture
def ops(database: object) -> str:
    with db.transaction() as session:
        return make_person(session, name="Ops").email


def test_an_operator_is_named_listed_and_dismissed(ops: str) -> None:
    assert operators().stdout == "There is none. Name one: leitai operators add EMAIL\n"
    assert operators("add", ops.upper()).stdout == f"{ops} is an operator.\n"
    assert operators().stdout == f"{ops}  Ops\n"
    assert operators("remove", ops).stdout == f"{ops} is no operator.\n"
    assert operators().stdout.startswith("There is none.")


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_an_address_without_an_account_is_told_and_exits_with_1(ops: str, verb: str) -> None:
    found = operators(verb, "nobody@example.org")
    assert found.exit_code == 1
    assert found.stderr == "Error: Nobody has an account with the address nobody@example.org.\n"


def test_a_database_of_another_version_is_told_before_anything_is_done(settings_of_test: object) -> None:
    found = operators("add", "nobody@example.org")
    assert (found.exit_code, "leitai migrate" in found.stderr) == (1, True)
    assert "EMAIL" in operators("add", "--help").stdout  # for which no database is needed
