"""Following a submission: to its end, through trouble that passes, and not through trouble that stays."""

from collections.abc import Iterable
from typing import Any, cast

import pytest

from leitai.client.errors import Refused, Unreachable
from leitai.client.portal import Json, Portal
from leitai.client.watching import follow


class Script:
    """A portal that answers one after another."""

    def __init__(self, answers: Iterable[Any]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def submission(self, number: int) -> Json:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"id": number, "state": answer}


def followed(*answers: Any) -> tuple[Script, list[str], list[float], Json]:
    script, seen, slept = Script(answers), [], []
    found = follow(cast("Portal", script), 7, lambda row: seen.append(row["state"]), slept.append)
    return script, seen, slept, found


def test_every_change_is_told_once_until_the_end() -> None:
    script, seen, slept, found = followed("queued", "queued", "running", "running", "scored", "never asked")
    assert seen == ["queued", "running", "scored"]
    assert found == {"id": 7, "state": "scored"}
    assert slept == [1.0] * 4
    assert script.asked == 5


@pytest.mark.parametrize("end", ["scored", "rejected", "failed", "cancelled"])
def test_every_final_state_ends_it(end: str) -> None:
    assert followed(end)[3]["state"] == end


def test_a_portal_that_is_away_for_a_while_is_waited_for() -> None:
    away = [Unreachable("away")] * 4
    assert followed("running", *away, "scored")[3]["state"] == "scored"


def test_a_portal_that_stays_away_ends_it() -> None:
    with pytest.raises(Unreachable):
        followed("running", *[Unreachable("away")] * 5)


def test_too_many_questions_are_asked_again_later() -> None:
    slow = Refused("too many requests", "too_many", 429)
    assert followed("running", slow, slow, "scored")[3]["state"] == "scored"


def test_another_refusal_ends_it_at_once() -> None:
    with pytest.raises(Refused, match="not yours"):
        followed(Refused("not yours", "not_found", 404), "scored")


def test_a_long_wait_asks_less_often() -> None:
    slept = followed(*["queued"] * 70, "scored")[2]
    assert slept[:60] == [1.0] * 60
    assert set(slept[60:]) == {5.0}
