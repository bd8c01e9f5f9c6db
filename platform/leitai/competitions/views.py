"""Pages of competitions and tasks."""

from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from evaluators.catalogue import THEMES
from evaluators.catalogue.needs import NEEDS
from leitai import db, storage
from leitai.accounts.identity import current_person, require_person
from leitai.accounts.models import Person
from leitai.competitions import catalogue, entering, overview
from leitai.competitions.downloading import open_data, take
from leitai.competitions.forms import ALONE, EnterForm
from leitai.competitions.metrics import evaluation_view
from leitai.competitions.models import Entry
from leitai.competitions.sending import attachment
from leitai.competitions.stage import Stage, find_task, stage
from leitai.errors import Refusal
from leitai.teams.service import free_name

pages = Blueprint("competitions", __name__)
TASK = "/competitions/<competition>/<task>"


@pages.get("/")
def home() -> str:
    """All competitions, the running one first."""
    with db.reading() as session:
        return render_template("competitions/home.html", editions=overview.editions(session))


@pages.get("/metrics")
def metrics() -> str:
    """The catalogue of metrics."""
    return render_template(
        "competitions/metrics.html",
        themes=THEMES,
        needs=NEEDS,
        general=catalogue.GENERAL,
        facts=partial(catalogue.facts, say=_),
        settings=partial(catalogue.settings, say=_),
        example=catalogue.example,
    )


@pages.get("/competitions/<competition>")
def competition(competition: str) -> str:
    """A competition and its tasks, of one track if the address says so."""
    with db.reading() as session:
        found = overview.edition(session, competition)
        track = request.args.get("track")
        known = track in {item.slug for item in found.competition.tracks}
        return render_template("competitions/competition.html", edition=found, track=track if known else None)


@pages.get(TASK)
def task(competition: str, task: str) -> str:
    """The statement."""
    return _tab("statement", competition, task)


@pages.get(f"{TASK}/rules")
def rules(competition: str, task: str) -> str:
    """The rules and the data agreement."""
    return _tab("rules", competition, task)


@pages.get(f"{TASK}/evaluation")
def evaluation(competition: str, task: str) -> str:
    """How submissions are measured and limited."""
    with db.reading() as session:
        found = stage(session, current_person(), competition, task)
        view = evaluation_view(found.task.evaluation)
        return render_template("competitions/evaluation.html", stage=found, tab="evaluation", view=view)


def _tab(name: str, competition: str, task: str) -> str:
    with db.reading() as session:
        found = stage(session, current_person(), competition, task)
        return render_template(f"competitions/{name}.html", stage=found, tab=name)


@pages.get(f"{TASK}/data")
def data(competition: str, task: str) -> str:
    """The open data, with versions and digests."""
    with db.reading() as session:
        found = stage(session, current_person(), competition, task)
        files = open_data(session, found.task)
        return render_template("competitions/data.html", stage=found, tab="data", files=files)


@pages.get(f"{TASK}/data/<int(max=2147483647):data_id>")
def download(competition: str, task: str, data_id: int) -> Response:
    """One file of open data; taking it is recorded."""
    person = require_person()
    with db.transaction() as session:
        taken = take(session, person, competition, task, data_id)
    return attachment(taken, storage.artefacts())


@pages.get(f"{TASK}/enter")
def enter(competition: str, task: str) -> ResponseReturnValue:
    """Rules, agreement and the choice of a team."""
    person = require_person()
    with db.reading() as session:
        found = stage(session, person, competition, task)
        if found.entry:
            return redirect(url_for("competitions.data", competition=competition, task=task))
        return _enter_page(session, person, found, EnterForm())


@pages.post(f"{TASK}/enter")
def enter_team(competition: str, task: str) -> ResponseReturnValue:
    """Enter the team, or show again what keeps it out."""
    person, form = require_person(), EnterForm()
    try:
        with db.transaction() as session:
            entry = _enter(session, person, competition, task, form)
            flash(_("%(team)s has entered. The data is yours to download.", team=entry.team.name), "ok")
    except Refusal as error:
        form.refusal = error.message
        with db.reading() as session:
            found = stage(session, person, competition, task)
            # Sent twice, the first one has entered the team.
            if not found.entry:
                return _enter_page(session, person, found, form), error.status
    return redirect(url_for("competitions.data", competition=competition, task=task))


def _enter(session: Session, person: Person, competition: str, task: str, form: EnterForm) -> Entry:
    found, accepted = find_task(session, competition, task), form.accepted()
    if form.team.data == ALONE:
        return entering.enter_alone(session, person, found, form.team_name.data or "", accepted)
    return entering.enter(session, person, found, form.team_id(), accepted)


def _enter_page(session: Session, person: Person, found: Stage, form: EnterForm) -> str:
    form.offer(entering.teams_to_enter(session, person, found.task), free_name(session, person.name))
    form.show_texts(found.task)
    return render_template("competitions/enter.html", stage=found, tab="enter", form=form)
