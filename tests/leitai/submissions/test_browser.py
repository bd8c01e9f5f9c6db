"""Handing in and following in a real browser: what script adds to the form, and that it is not needed."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from leitai import db, queues
from leitai.competitions.models import Entry
from leitai.submissions.models import Score, State, Submission
from tests.leitai.factories import (
    make_entry,
    make_person,
    make_phase,
    make_run,
    make_submission,
    make_task,
    make_team,
)

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
DROP = """content => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  transfer.items.add(new File([bytes], "dropped.csv"));
  return transfer;
}"""


@dataclass
class Site:
    """A portal that listens, a task in it, and pages of a captain who has entered."""

    task: str
    open: Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser; as root it has no sandbox of its own."""
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture
def site(
    app: APIFlask,
    sign_in: Callable[..., FlaskClient],
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    monkeypatch.setattr(queues, "wake", lambda: None)
    app.config["WTF_CSRF_ENABLED"] = True
    with db.transaction() as session:
        captain = make_person(session)
        phase = make_phase(session, make_task(session))
        make_entry(session, phase.task, make_team(session, captain))
        path = f"/competitions/{phase.task.competition.slug}/{phase.task.slug}"
    cookie = sign_in(captain).get_cookie("leitai")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"
    contexts: list[BrowserContext] = []

    def opened(*, script: bool = True) -> Page:
        contexts.append(browser.new_context(java_script_enabled=script))
        contexts[-1].add_cookies([{"name": "leitai", "value": cookie.value, "url": address}])
        return contexts[-1].new_page()

    yield Site(f"{address}{path}", opened)
    for context in contexts:
        context.close()
    server.shutdown()


def test_a_file_is_dropped_sent_and_followed_to_its_score_without_loading_again(site: Site) -> None:
    page = site.open()
    page.goto(f"{site.task}/submit")
    content = base64.b64encode(b"id,value\n1,2\n").decode()
    dropped = page.evaluate_handle(DROP, content)
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    expect(page.locator("[data-name]")).to_have_text("dropped.csv · 13 B")
    page.fill("#message", "by hand")
    page.click("form.submit button")
    page.wait_for_url("**/submissions/*")
    expect(page.locator(".way .here")).to_contain_text("Place 1 in the queue")
    number = int(page.url.rsplit("/", 1)[1])
    with db.transaction() as session:
        row = session.get_one(Submission, number)
        row.state = State.RUNNING
        run_id = make_run(session, row, stage="scoring", predicted_at=db.now()).id
    expect(page.locator(".way .here")).to_contain_text("Scoring", timeout=10_000)
    with db.transaction() as session:
        row = session.get_one(Submission, number)
        row.state, row.run_id, row.finished_at = State.SCORED, run_id, db.now()
        session.add(Score(run_id=run_id, split="public", metric="rmse", value=0.25))
    expect(page.locator(".big")).to_have_text("0.250000", timeout=10_000)
    assert page.get_attribute("#progress", "hx-get") is None


def test_what_would_be_refused_is_told_before_it_is_sent(site: Site) -> None:
    page = site.open()
    page.goto(f"{site.task}/submit")
    for name, content, told in (
        ("a.exe", b"x", "This task takes"),
        ("a.csv", b"x" * 1_000_001, "larger than"),
    ):
        page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
        expect(page.locator("[data-fault]")).to_contain_text(told)
        expect(page.locator("form.submit button")).to_be_disabled()
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b""})
    page.click("form.submit button")
    expect(page.locator("[data-answer]")).to_contain_text("The file is empty")
    expect(page.locator("form.submit button")).to_be_enabled()


def test_all_of_it_works_without_script(site: Site) -> None:
    page = site.open(script=False)
    page.goto(f"{site.task}/submit")
    page.set_input_files("#file", {"name": "a.exe", "mimeType": "text/csv", "buffer": b"x"})
    page.fill("#message", "kept")
    page.click("form.submit button")
    expect(page.locator("[data-answer]")).to_contain_text("This task takes predictions")
    expect(page.locator("#message")).to_have_value("kept")
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"id,value\n"})
    page.click("form.submit button")
    page.wait_for_url("**/submissions/*")
    expect(page.locator("noscript a")).to_have_text("Load the page again to see how it goes on.")
    page.click("text=Cancel this submission")
    expect(page.locator(".note").first).to_have_text("The submission was cancelled.")


def test_nothing_scrolls_sideways_on_a_phone_and_no_script_is_stopped(site: Site) -> None:
    page = site.open()
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (f"{site.task}/submit", f"{site.task}/submissions"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert stopped == []


def test_details_fit_a_phone_and_break_no_policy(site: Site) -> None:
    long = "a label of very many words " * 2
    classes = [f"class {n}" for n in range(30)] + [long]
    lines = [{"name": long, "points": [[0, 0.1], [1, 0.9]]}]
    shown = [
        {
            "kind": "matrix",
            "name": "confusion",
            "labels": classes,
            "counts": [[7] * 31] * 31,
            "others": False,
        },
        {"kind": "curve", "name": "roc", "x": "", "y": "", "lines": lines, "diagonal": True},
        {"kind": "table", "name": "wide", "columns": [long] * 12, "rows": [["x" * 80] * 12]},
    ]
    with db.transaction() as session:
        entry = session.scalars(select(Entry)).one()
        row = make_submission(session, entry.task.phases[0], entry.team, state=State.SCORED)
        row.run_id = make_run(session, row, state=State.SCORED, figures=shown).id
        session.add(Score(run_id=row.run_id, split="public", metric="rmse", value=0.25))
        number = row.id
    page = site.open()
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.task.partition('/competitions/')[0]}/submissions/{number}")
    expect(page.locator(".details figure")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click("text=As a table")
    expect(page.locator(".details details td").first).to_have_text("0")
    assert stopped == []
