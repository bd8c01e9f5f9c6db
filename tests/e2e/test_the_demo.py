"""The demo after its first start: every baseline where the bundle says, and every role at its work."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Arrive
from tests.e2e.installation import BUNDLE, Installation, baselines, figures, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.engine]
TASKS = ("load-forecast", "review-sentiment", "digit-images", "credit-risk")
LOWER_IS_BETTER = {"load-forecast"}
LAST_WEEK = BUNDLE / "load-forecast" / "baselines" / "last-week.csv"
Api = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """Those made so far, by account: each is made once, on the account page."""
    return {}


@pytest.fixture
def token(tokens: dict[str, str], demo: Arrive, portal: Installation) -> Callable[[str], str]:
    """A token of an account of the demo."""

    def make(who: str) -> str:
        if who not in tokens:
            visitor = demo(who)
            visitor.open(f"{portal.address}/account")
            visitor.fill(token_name="tests")
            visitor.press("Make a token")
            tokens[who] = visitor.page.inner_text("#secret").strip()
        return tokens[who]

    return make


@pytest.fixture
def api(token: Callable[[str], str], portal: Installation) -> Api:
    """A call of the API for an account of the demo, in the way of curl."""

    def call(who: str, path: str, method: str = "GET", **given: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token(who)}"}
        return requests.request(
            method, f"{portal.address}/api/v1{path}", headers=headers, timeout=30, **given
        )

    return call


def test_every_baseline_ends_as_the_bundle_says(api: Api, demo: Arrive, portal: Installation) -> None:
    assert wait_for(lambda: _nothing_waits(portal), 200, pause=1.0), portal.health()
    organizer = demo("organizer")
    for task in TASKS:
        page = organizer.open(f"{portal.address}/competitions/demo/{task}/organize/submissions")
        links = page.locator("td:first-child a").all()
        numbers = [int(link.inner_text().lstrip("#")) for link in links]
        found = {
            one["message"]: one for one in (api("organizer", f"/submissions/{n}").json() for n in numbers)
        }
        for baseline in baselines(task):
            one = found[baseline["name"]]
            assert one["team"] == baseline["team"]["name"]
            assert one["state"] == baseline.get("expect", "scored"), one
            assert one["code"] == baseline.get("reason", "")
            for metric, score in baseline.get("score", {}).items():
                assert one["scores"][metric] == pytest.approx(score, rel=2e-4), one
            wanted = figures(task) if one["state"] == "scored" else []
            assert sorted(figure["name"] for figure in one["figures"]) == sorted(wanted)


def test_the_boards_stand_in_the_right_order(api: Api) -> None:
    for task in TASKS:
        phases = {one["phase"] for one in baselines(task)}
        for phase in phases:
            board = api("captain", f"/tasks/demo/{task}/board", params={"phase": phase}).json()
            given = [one for one in baselines(task) if one["phase"] == phase and "score" in one]
            wanted = sorted(given, key=_first_score, reverse=task not in LOWER_IS_BETTER)
            teams = [one["team"]["name"] for one in wanted]
            assert [row["team"] for row in board["rows"] if row["team"] in teams] == teams
            assert [row["rank"] for row in board["rows"]] == list(range(1, board["total"] + 1))


def test_the_private_board_is_shown_for_the_phase_that_is_over_alone(api: Api) -> None:
    private = {"split": "private", "phase": "preliminary"}
    over = api("captain", "/tasks/demo/credit-risk/board", params=private).json()
    assert [row["team"] for row in over["rows"]] == ["Tidewater", "Cedar", "Kiwi Kilowatts"]
    assert api("captain", "/tasks/demo/load-forecast/board", params=private).status_code == 404


def test_a_request_with_a_token_submits_and_gets_its_score(api: Api) -> None:
    with LAST_WEEK.open("rb") as file:
        answer = api(
            "captain",
            "/tasks/demo/load-forecast/submissions",
            "POST",
            files={"file": (LAST_WEEK.name, file)},
            data={"message": "by request"},
        )
    assert answer.status_code == 201, answer.text
    number = answer.json()["id"]
    assert answer.headers["Location"] == f"/api/v1/submissions/{number}"
    found = wait_for(lambda: _scored(api("captain", f"/submissions/{number}").json()), 180)
    assert found["scores"]["RMSE"] == pytest.approx(595.6, rel=1e-4)
    assert found["private_scores"] == {}
    assert api("operator", f"/submissions/{number}").status_code == 404


def test_the_command_line_does_the_same(
    token: Callable[[str], str], portal: Installation, tmp_path: Path
) -> None:
    def leitai(*words: str, given: str = "", code: int = 0) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LEITAI_")}
        env = kept | {"XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, "-m", "leitai.cli", *words]
        done = subprocess.run(
            command,
            input=given,
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    task = "demo/load-forecast"
    leitai("tasks", code=1)
    assert "captain@demo.example" in leitai("login", portal.address, given=token("captain"))
    (competition,) = json.loads(leitai("tasks", "--json"))
    assert [one["slug"] for one in competition["tasks"]] == list(TASKS)
    leitai("download", task)
    train = BUNDLE / "load-forecast" / "data" / "train.csv"
    assert (tmp_path / "load-forecast" / "train.csv").read_bytes() == train.read_bytes()
    done = json.loads(leitai("submit", task, str(LAST_WEEK), "-m", "by command", "--watch", "--json"))
    assert (done["state"], done["team"], done["message"]) == ("scored", "Harbour Lights", "by command")
    assert done["scores"]["RMSE"] == pytest.approx(595.6, rel=1e-4)
    short = BUNDLE / "load-forecast" / "baselines" / "first-week-only.csv"
    leitai("submit", task, str(short), "--watch", code=4)
    board = json.loads(leitai("board", task, "--json"))
    assert board["rows"][board["own"] - 1]["team"] == "Harbour Lights"
    assert "Harbour Lights" in leitai("board", task)
    leitai("board", "demo/no-such-task", code=1)
    leitai("board", "nonsense", code=2)


def test_an_organizer_rescores_one_and_it_gets_the_same_score(
    api: Api, demo: Arrive, portal: Installation
) -> None:
    organizer = demo("organizer")
    page = organizer.open(f"{portal.address}/competitions/demo/digit-images/organize/submissions?team=Lumen")
    row = page.locator("tbody tr")
    number = int(row.locator("a").first.inner_text().lstrip("#"))
    before = api("organizer", f"/submissions/{number}").json()
    row.get_by_role("button", name="Rescore").click()
    expect(page.locator(".note")).to_have_text(f"Submission {number} is scored again.")
    again = wait_for(lambda: _since(api("organizer", f"/submissions/{number}").json(), before), 90)
    assert again["scores"] == before["scores"]
    page = organizer.open(f"{portal.address}/submissions/{number}")
    expect(page.locator("section[aria-labelledby=runs] tbody tr")).to_have_count(2)


SEEN_BY = {
    "/competitions/demo/load-forecast/organize": {"organizer"},
    "/competitions/demo/load-forecast/organize/submissions": {"organizer"},
    "/competitions/demo/load-forecast/organize/entries": {"organizer"},
    "/competitions/demo/load-forecast/board.csv": {"organizer"},
    # Organizers observe; that they may not rule or sign is tried with judging.
    "/competitions/demo/credit-risk/judge": {"judge", "organizer"},
    "/competitions/demo/load-forecast/judge": {"judge", "organizer"},
    "/operate": {"operator"},
}


@pytest.mark.parametrize("who", ["organizer", "judge", "operator", "captain"])
def test_each_role_sees_its_own_pages_and_no_other(who: str, demo: Arrive, portal: Installation) -> None:
    visitor = demo(who)
    for path, roles in SEEN_BY.items():
        answer = visitor.page.request.get(portal.address + path)
        assert answer.status in ({200} if who in roles else {403, 404}), (who, path)
        if who in roles and not path.endswith(".csv"):
            visitor.open(portal.address + path)


def test_a_stranger_is_asked_to_sign_in_first(portal: Installation) -> None:
    for path in SEEN_BY:
        answer = requests.get(portal.address + path, timeout=10, allow_redirects=False)
        assert answer.status_code in (302, 303)
        assert "/sign-in?next=" in answer.headers["Location"]
    assert requests.get(f"{portal.address}/api/v1/me", timeout=10).status_code == 401


def _nothing_waits(portal: Installation) -> bool:
    queue = portal.health()["parts"]["queue"]
    return bool(queue["waiting"] == queue["running"] == 0)


def _scored(found: dict[str, Any]) -> dict[str, Any]:
    return found if found["state"] == "scored" else {}


def _since(found: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return found if found["state"] == "scored" and found["finished_at"] != before["finished_at"] else {}


def _first_score(baseline: dict[str, Any]) -> float:
    return float(next(iter(baseline["score"].values())))
