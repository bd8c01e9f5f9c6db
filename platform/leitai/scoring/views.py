"""The organizers' pages of a task, and the operators' page."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from leitai import db
from leitai.accounts.identity import require_person
from leitai.errors import Refusal
from leitai.scoring import operating, organizing, overview
from leitai.submissions import messages
from leitai.submissions.models import State
from leitai.web import charts, health
from leitai.web.paging import page_number

pages = Blueprint("scoring", __name__)
health.PARTS.append(operating.health)

TASK = "/competitions/<competition>/<task>/organize"
FILTERS = ("state", "team", "phase", "trouble", "page")


@pages.get(TASK)
def organize(competition: str, task: str) -> str:
    """A task in figures."""
    person = require_person()
    with db.reading() as session:
        stage = organizing.organized(session, person, competition, task)
        figures = overview.overview(session, stage)
        days = [(charts.day(day), count) for day, count in figures.per_day]
        return render_template(
            "scoring/organize.html",
            stage=stage,
            tab="overview",
            figures=figures,
            days=charts.bars(days, gettext("Submissions per day")),
            best=charts.line_chart(figures.best, gettext("Best public score over time")),
            latest=figures.latest,
            told=messages.text,
        )


@pages.get(f"{TASK}/latest")
def latest(competition: str, task: str) -> str:
    """The newest submissions alone, for the overview that follows them."""
    person = require_person()
    with db.reading() as session:
        stage = organizing.organized(session, person, competition, task)
        newest = overview.latest(session, stage)
        return render_template("scoring/latest.html", stage=stage, latest=newest, told=messages.text)


@pages.get(f"{TASK}/entries")
def entries(competition: str, task: str) -> str:
    """Who entered."""
    person = require_person()
    with db.reading() as session:
        stage = organizing.organized(session, person, competition, task)
        page, rows = overview.entries(session, stage, page_number(request.args.get("page")))
        return render_template("scoring/entries.html", stage=stage, tab="entries", page=page, rows=rows)


@pages.get(f"{TASK}/submissions")
def submissions(competition: str, task: str) -> str:
    """All submissions with their runs."""
    person = require_person()
    given = request.args
    wanted = organizing.Filter(
        state=given.get("state", ""),
        team=given.get("team", "")[:80],
        phase=given.get("phase", ""),
        trouble=given.get("trouble") == "yes",
    )
    with db.reading() as session:
        stage = organizing.organized(session, person, competition, task)
        page = organizing.listed(session, stage, wanted, page_number(given.get("page")))
        return render_template(
            "scoring/submissions.html",
            stage=stage,
            tab="submissions",
            page=page,
            wanted=wanted,
            states=list(State),
            told=messages.text,
        )


@pages.post(f"{TASK}/rescore")
def rescore_all(competition: str, task: str) -> Response:
    """Score all of a phase, or of the task, again."""
    person = require_person()
    with db.transaction() as session:
        stage = organizing.organized(session, person, competition, task)
        number = organizing.rescore_all(session, person, stage.task, request.form.get("phase", ""))
    flash(
        ngettext("%(num)s submission is scored again.", "%(num)s submissions are scored again.", number), "ok"
    )
    return redirect(url_for("scoring.submissions", competition=competition, task=task))


@pages.post(f"{TASK}/submissions/<int(max=2147483647):submission_id>/rescore")
def rescore(competition: str, task: str, submission_id: int) -> Response:
    """Score one again."""
    person = require_person()
    try:
        with db.transaction() as session:
            organizing.rescore(session, person, submission_id, (competition, task))
    except Refusal as refusal:
        return _back(competition, task, refusal)
    flash(gettext("Submission %(number)s is scored again.", number=submission_id), "ok")
    return _back(competition, task)


@pages.post(f"{TASK}/submissions/<int(max=2147483647):submission_id>/cancel")
def cancel(competition: str, task: str, submission_id: int) -> Response:
    """Cancel one."""
    person = require_person()
    try:
        with db.transaction() as session:
            organizing.cancel(session, person, submission_id, (competition, task))
    except Refusal as refusal:
        return _back(competition, task, refusal)
    flash(gettext("Submission %(number)s is cancelled.", number=submission_id), "ok")
    return _back(competition, task)


def _back(competition: str, task: str, refusal: Refusal | None = None) -> Response:
    """To the list as it was filtered; only what is merely too late is told there."""
    if refusal:
        if refusal.status != 409:
            raise refusal
        flash(refusal.message, "bad")
    values: dict[str, Any] = {"competition": competition, "task": task}
    values |= {key: request.form[key] for key in FILTERS if request.form.get(key)}
    return redirect(url_for("scoring.submissions", **values))


@pages.get("/operate")
def operate() -> str:
    """The machines."""
    person = require_person()
    with db.reading() as session:
        return render_template("scoring/operate.html", machines=operating.machines(session, person))
