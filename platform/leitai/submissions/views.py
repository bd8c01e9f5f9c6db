"""Pages of a team's submissions: hand in, see all, follow one."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from leitai import db, storage
from leitai.accounts.identity import require_person
from leitai.competitions.downloading import Taken
from leitai.competitions.sending import attachment, disposition
from leitai.competitions.stage import Stage, stage, stage_of
from leitai.errors import Refusal
from leitai.submissions import admission, answers, service, uploads
from leitai.submissions.forms import SubmitForm
from leitai.submissions.models import Split
from leitai.submissions.viewing import View, history, scores
from leitai.web import figures
from leitai.web.charts import line_chart
from leitai.web.limits import limiter
from leitai.web.paging import page_number

pages = Blueprint("submissions", __name__)
TASK = "/competitions/<competition>/<task>"
ONE = "/submissions/<int(max=2147483647):submission_id>"


@pages.get(f"{TASK}/submissions")
def mine(competition: str, task: str) -> str:
    """All submissions of the reader's team to a task, with what is left of the quota."""
    person = require_person()
    with db.reading() as session:
        found = stage(session, person, competition, task)
        page = service.mine(session, person, found.task, page_number(request.args.get("page")))
        allowance = admission.check_any_team(session, person, found.task)
        return render_template(
            "submissions/mine.html",
            stage=found,
            tab="submissions",
            page=page,
            allowance=allowance,
            scores=lambda row: {shown.column.name: shown.value for shown in scores(row, Split.PUBLIC)},
            chart=_chart(session, found),
        )


def _chart(session: Session, found: Stage) -> Markup:
    if found.entry is None:
        return Markup("")
    rows = session.execute(history(found.phase.id, found.entry.team_id, found.choosing.name)).all()
    series = [(moment, value) for moment, value in rows]
    label = gettext("%(metric)s over time", metric=found.choosing.name)
    return line_chart(series, label) if len(series) > 1 else Markup("")


@pages.get(f"{TASK}/submit")
def new(competition: str, task: str) -> str:
    """The form."""
    return _form(competition, task)


@pages.url_value_preprocessor
def settle_before_reading(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Refuse an upload before its body is read; the protection of forms, which comes next, reads it."""
    if endpoint != "submissions.create" or values is None:
        return
    person = require_person()
    try:
        with db.reading() as session:
            found = stage(session, person, values["competition"], values["task"])
            uploads.prepare(admission.check_any_team(session, person, found.task))
    except Refusal as refusal:
        abort(make_response(_form(**values, refusal=refusal), refusal.status))


@pages.post(f"{TASK}/submit")
@limiter.limit(uploads.RATE, key_func=uploads.sender)
def create(competition: str, task: str) -> AnyResponse:
    """Hand a file in."""
    person = require_person()
    with db.reading() as session:
        found = stage(session, person, competition, task).task
    try:
        submission = uploads.take(person, found, request.form.get("team") or None)
    except Refusal as refusal:
        return make_response(_form(competition, task, refusal), refusal.status)
    return redirect(url_for("submissions.show", submission_id=submission.id), 303)


def _form(competition: str, task: str, refusal: Refusal | None = None) -> str:
    person = require_person()
    # A body that was refused before it was read stays unread.
    form = (
        SubmitForm() if request.method == "GET" or "form" in request.__dict__ else SubmitForm(formdata=None)
    )
    form.refusal = refusal.message if refusal else ""
    with db.reading() as session:
        found = stage(session, person, competition, task)
        form.team.choices = [SelectChoice(*row) for row in admission.teams(session, person, found.task)]
        allowance = admission.check_any_team(session, person, found.task)
        return render_template(
            "submissions/new.html", stage=found, tab="submissions", form=form, allowance=allowance
        )


@pages.get(ONE)
def show(submission_id: int) -> str:
    """One submission, followed to its end."""
    person = require_person()
    with db.reading() as session:
        view = service.show(session, person, submission_id)
        found = stage_of(session, person, view.submission.task)
        return render_template("submissions/show.html", stage=found, tab="submissions", **_seen(view))


@pages.get(f"{ONE}/progress")
def progress(submission_id: int) -> Response:
    """The part of the page that changes; nothing while it is as the reader has it."""
    person = require_person()
    with db.reading() as session:
        view = service.show(session, person, submission_id)
        if request.args.get("seen") == view.stamp:
            return make_response("", 204)
        return make_response(render_template("submissions/progress.html", **_seen(view)))


def _seen(view: View) -> dict[str, Any]:
    return {
        "view": view,
        "submission": view.submission,
        "run": view.run,
        "figures": figures.drawn(view.figures),
    }


@pages.post(f"{ONE}/cancel")
def cancel(submission_id: int) -> AnyResponse:
    """Take a submission back."""
    person = require_person()
    try:
        with db.transaction() as session:
            service.cancel(session, person, submission_id)
        flash(gettext("The submission was cancelled."), "ok")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(refusal.message, "bad")
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


@pages.get(f"{ONE}/file")
def file(submission_id: int) -> Response:
    """The file as it was handed in."""
    person = require_person()
    with db.reading() as session:
        submission = service.view(session, person, submission_id).submission
        taken = Taken(submission.file_name, submission.digest, submission.size)
    return attachment(taken, storage.artefacts())


@pages.get(f"{ONE}/receipt.json")
def receipt(submission_id: int) -> Response:
    """What decided the scores, by digest."""
    person = require_person()
    with db.reading() as session:
        response = jsonify(answers.receipt(service.view(session, person, submission_id)))
    response.headers["Content-Disposition"] = disposition(f"receipt-{submission_id}.json")
    return response
