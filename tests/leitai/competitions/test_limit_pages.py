"""Limits and log policies on a task's pages and in the API: those of the phase in question, all of them."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import service as accounts
from leitai.competitions.limits import DEFAULTS
from leitai.competitions.models import Kind, Task
from tests.leitai.conftest import SignIn
from tests.leitai.factories import EVALUATION, LIMITS, make_competition, make_entry, make_phase, make_task

ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh-CN"}
FINAL = {"wall_s": 600.0, "memory_bytes": 8_000_000_000, "processes": 512, "upload_bytes": 9_000_000}


def make_stage(kind: str = Kind.CODE, **of_first: object) -> Task:
    with db.transaction() as session:
        competition = make_competition(session, slug="cup")
        evaluation = EVALUATION | ({"file": "predictions.csv"} if kind == Kind.CODE else {})
        task = make_task(session, competition, slug="load", kind=kind, evaluation=evaluation)
        make_phase(session, task, title={"en": "Preliminary", "zh": "初赛"}, **of_first)
        begins = db.now() + timedelta(days=40)
        ends = begins + timedelta(days=10)
        title = {"en": "Final", "zh": "决赛"}
        make_phase(session, task, position=1, title=title, starts_at=begins, ends_at=ends, limits=FINAL)
        return task


def rows(
    client: FlaskClient, address: str = "/competitions/cup/load/evaluation", **headers: str
) -> list[dict[str, str]]:
    """Every list of limits on the page: label and value."""
    page = BeautifulSoup(client.get(address, headers=headers or ENGLISH).text, "html.parser")
    return [
        {
            dt.get_text(): dd.get_text()
            for dt, dd in zip(part.find_all("dt"), part.find_all("dd"), strict=True)
        }
        for part in page.select("section[aria-labelledby^=limits] dl")
    ]


OF_FIRST = {
    "Upload": "1.0 MB",
    "Running time": "60.0 s",
    "CPU time, child processes counted": "60.0 s",
    "CPUs": "1",
    "Memory, without swap": "1.0 GB",
    "Processes and threads": "128",
    "Open files": "1,024",
    "Work space": "1.0 GB",
    "Output": "10.0 MB",
    "Files of the output": "1,000",
    "Log, of each stream": "65.5 kB",
    "Network": "none",
}


def test_all_limits_of_the_phase_and_what_differs_in_another(database: object, client: FlaskClient) -> None:
    make_stage()
    first, other = rows(client)
    assert first == OF_FIRST
    assert other == {
        "Upload": "9.0 MB",
        "Running time": "10 min 0 s",
        "Memory, without swap": "8.0 GB",
        "Processes and threads": "512",
    }


def test_a_table_of_predictions_has_but_a_size(database: object, client: FlaskClient) -> None:
    make_stage(Kind.PREDICTIONS)
    assert rows(client) == [{"Upload": "1.0 MB"}, {"Upload": "9.0 MB"}]


def test_where_files_are_handed_in_the_same_limits_stand(database: object, sign_in: SignIn) -> None:
    task = make_stage()
    with db.transaction() as session:
        captain = make_entry(session, session.get_one(Task, task.id)).team.captain
    (found,) = rows(sign_in(captain), "/competitions/cup/load/submit")
    assert found == {name: value for name, value in OF_FIRST.items() if name != "Upload"} | {
        "File": ".zip",
        "Size": "1.0 MB",
    }


POLICIES = [
    ("error-class", "which error ended it, and nothing that it wrote", False),
    ("tail", "the last 4 kB of what its program wrote to standard error", True),
    ("full", "what the program wrote to standard output and to standard error", True),
]


@pytest.mark.parametrize(("logs", "said", "bounded"), POLICIES)
def test_the_page_says_beforehand_what_will_be_seen(
    database: object, client: FlaskClient, logs: str, said: str, bounded: bool
) -> None:
    make_stage(logs=logs)
    page = client.get("/competitions/cup/load/evaluation", headers=ENGLISH).text
    assert said in page
    assert ("a team sees 1.0 MB of that" in page) == bounded
    assert "programs run alone" not in page


def test_a_phase_that_ranks_by_speed_says_so(database: object, client: FlaskClient) -> None:
    make_stage(alone=True)
    assert (
        "programs run alone, on cores that no other program uses"
        in client.get("/competitions/cup/load/evaluation", headers=ENGLISH).text
    )


def test_the_other_phase_is_named_in_both_languages(database: object, client: FlaskClient) -> None:
    make_stage()
    for headers, title in ((ENGLISH, "Otherwise in Final"), (CHINESE, "决赛")):
        page = BeautifulSoup(
            client.get("/competitions/cup/load/evaluation", headers=headers).text, "html.parser"
        )
        assert any(title in found.get_text() for found in page.find_all("h2"))


def test_the_api_has_the_limits_of_each_phase(database: object, client: FlaskClient) -> None:
    task = make_stage(logs="tail", alone=True)
    with db.transaction() as session:
        captain = make_entry(session, session.get_one(Task, task.id)).team.captain
        token = accounts.make_token(session, captain, "test")
    found = json.loads(
        client.get("/api/v1/tasks/cup/load", headers={"Authorization": f"Bearer {token}"}).data
    )
    assert (found["limits"], found["log_budget"]) == (DEFAULTS | LIMITS, 1_000_000)
    first, final = found["phases"]
    assert (first["limits"], first["logs"], first["alone"]) == (DEFAULTS | LIMITS, "tail", True)
    assert (final["limits"], final["logs"], final["alone"]) == (
        DEFAULTS | LIMITS | FINAL,
        "error-class",
        False,
    )
