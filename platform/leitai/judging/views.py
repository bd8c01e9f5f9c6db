"""The judges' pages of a task: the finalists, one of them, and the list to sign."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from leitai import db
from leitai.accounts.identity import require_person
from leitai.accounts.models import Person
from leitai.competitions.stage import Stage
from leitai.errors import Refusal
from leitai.judging import service
from leitai.judging.forms import RulingForm
from leitai.leaderboards.writing import digits
from leitai.submissions.receipts import parts

pages = Blueprint("judging", __name__)
BENCH = "/competitions/<competition>/<task>/judge"
PLACE = f"{BENCH}/<phase>/<int(max=2147483647):team_id>"


@pages.get(BENCH)
def judge(competition: str, task: str) -> str:
    """All places under review."""
    return _bench(competition, task, request.args.get("phase"))


@pages.post(f"{BENCH}/<phase>/sign")
def sign(competition: str, task: str, phase: str) -> Response:
    """Sign the final list."""
    person = require_person()
    try:
        with db.transaction() as session:
            found = service.observed(session, person, competition, task)
            service.sign(
                session, person, service.find_bench_phase(found, phase), request.form.get("digest", "")
            )
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return make_response(_bench(competition, task, phase, refusal), refusal.status)
    flash(gettext("You have signed the final list."), "ok")
    return redirect(url_for("judging.judge", competition=competition, task=task, phase=phase), 303)


@pages.get(PLACE)
def finalist(competition: str, task: str, phase: str, team_id: int) -> str:
    """One finalist: submission, code, runs, receipt, rulings."""
    person = require_person()
    with db.reading() as session:
        found = service.observed(session, person, competition, task)
        return _finalist(session, person, found, phase, team_id, RulingForm(formdata=None))


@pages.post(PLACE)
def rule(competition: str, task: str, phase: str, team_id: int) -> Response:
    """Confirm or contest a place."""
    person = require_person()
    form = RulingForm()
    try:
        with db.transaction() as session:
            found = service.observed(session, person, competition, task)
            wanted = service.find_bench_phase(found, phase)
            given = form.decision.data or "", form.reason.data or ""
            service.rule(session, person, wanted, team_id, *given)
    except Refusal as refusal:
        if refusal.status not in (400, 409):
            raise
        form.refusal = refusal.message
        with db.reading() as session:
            found = service.observed(session, person, competition, task)
            page = _finalist(session, person, found, phase, team_id, form)
        return make_response(page, refusal.status)
    flash(gettext("Your ruling is on record."), "ok")
    return redirect(url_for("judging.judge", competition=competition, task=task, phase=phase), 303)


def _bench(competition: str, task: str, phase: str | None, refusal: Refusal | None = None) -> str:
    person = require_person()
    with db.reading() as session:
        found = service.observed(session, person, competition, task)
        bench = service.bench(session, service.find_bench_phase(found, phase))
        return render_template(
            "judging/judge.html",
            stage=found,
            tab="judge",
            bench=bench,
            digits=digits(place.standing.value for place in bench.places),
            signed=bench.signed_by(person),
            refusal=refusal.message if refusal else "",
        )


def _finalist(
    session: Session, person: Person, found: Stage, phase: str, team_id: int, form: RulingForm
) -> str:
    review = service.review(session, person, service.find_bench_phase(found, phase), team_id)
    context: dict[str, Any] = {"stage": found, "tab": "judge", "review": review, "form": form}
    return render_template("judging/finalist.html", receipt=parts(review.view.submission.run), **context)
