"""Pages of teams."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.identity import current_person, require_person
from leitai.accounts.mails import address
from leitai.accounts.models import Person
from leitai.errors import Conflict, Invalid, Refusal
from leitai.teams import inviting, mails, service
from leitai.teams.forms import InviteForm, TeamForm
from leitai.web.limits import limiter

pages = Blueprint("teams", __name__)
TEAM = "/teams/<int(max=2147483647):team_id>"
OTHER = "<int(max=2147483647):person_id>"


@pages.get("/teams")
def mine() -> str:
    """The teams that a person is in."""
    person = require_person()
    with db.reading() as session:
        return render_template("teams/mine.html", person=person, teams=service.teams_of(session, person))


@pages.route("/teams/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Form a team."""
    person = require_person()
    form = TeamForm(country=person.country)
    if not form.validate_on_submit():
        return render_template("teams/new.html", form=form), 400 if form.is_submitted() else 200
    try:
        with db.transaction() as session:
            given = (form.name.data, form.country.data, form.affiliation.data or "")
            team = service.form_team(session, person, *given)
    except Refusal as refusal:
        form.refusal = refusal.message
        return render_template("teams/new.html", form=form), refusal.status
    return redirect(url_for("teams.show", team_id=team.id))


@pages.get(TEAM)
def show(team_id: int) -> str:
    """A team, with what the reader may do in it."""
    return _shown(team_id, current_person())


@pages.post(TEAM)
def change(team_id: int) -> ResponseReturnValue:
    """Change what others see."""
    person, form = require_person(), TeamForm()
    if not form.validate_on_submit():
        return _shown(team_id, person, form=form), 400
    given = {"name": form.name.data, "country": form.country.data, "affiliation": form.affiliation.data or ""}
    try:
        with db.transaction() as session:
            service.change_team(session, person, team_id, **given)
    except (Invalid, Conflict) as refusal:
        form.refusal = refusal.message
        return _shown(team_id, person, form=form), refusal.status
    flash(_("Saved."), "ok")
    return redirect(url_for("teams.show", team_id=team_id))


@pages.post(f"{TEAM}/invitations")
@limiter.limit("10 per minute; 60 per hour")
def invite(team_id: int) -> ResponseReturnValue:
    """Make a link for whoever gets it; the answer to this request is the only page that shows it."""
    person = require_person()
    with db.transaction() as session:
        secret = inviting.invite(session, person, team_id)
    return _shown(team_id, person, link=address("teams.join", token=secret))


@pages.post(f"{TEAM}/invitations/mail")
@limiter.limit("10 per minute; 60 per hour")
def invite_by_mail(team_id: int) -> ResponseReturnValue:
    """Invite one address."""
    person, form = require_person(), InviteForm()
    if not form.validate_on_submit():
        return _shown(team_id, person, mail_form=form), 400
    try:
        with db.transaction() as session:
            secret = inviting.invite(session, person, team_id, form.email.data)
            team = service.show_team(session, team_id)
    except (Invalid, Conflict) as refusal:
        form.refusal = refusal.message
        return _shown(team_id, person, mail_form=form), refusal.status
    to = form.email.data.strip()
    if not mails.send_invitation(person, team, to, secret):
        flash(_("The mail could not be sent. Give them the link by another way."), "bad")
        return _shown(team_id, person, link=address("teams.join", token=secret))
    flash(_("The invitation is on its way to %(email)s.", email=to), "ok")
    return redirect(url_for("teams.show", team_id=team_id))


@pages.post(f"{TEAM}/invitations/<int(max=2147483647):invitation_id>/revoke")
def revoke(team_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    return _done(team_id, lambda session, person: inviting.revoke(session, person, team_id, invitation_id))


@pages.post(f"{TEAM}/members/{OTHER}/captain")
def hand_over(team_id: int, person_id: int) -> ResponseReturnValue:
    """Make another member the captain."""
    return _done(team_id, lambda session, person: service.hand_over(session, person, team_id, person_id))


@pages.post(f"{TEAM}/members/{OTHER}/remove")
def remove(team_id: int, person_id: int) -> ResponseReturnValue:
    """Take a member out."""
    return _done(team_id, lambda session, person: service.remove_member(session, person, team_id, person_id))


@pages.post(f"{TEAM}/leave")
def leave(team_id: int) -> ResponseReturnValue:
    """Go out of the team."""
    person = require_person()
    try:
        with db.transaction() as session:
            service.leave(session, person, team_id)
    except Refusal as refusal:
        flash(refusal.message, "bad")
        return redirect(url_for("teams.show", team_id=team_id))
    flash(_("You have left the team."), "ok")
    return redirect(url_for("teams.mine"))


@pages.route("/join/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
def join(token: str) -> ResponseReturnValue:
    """See which team a link leads into, then join it."""
    person = current_person()
    if person is None or request.method != "POST":
        with db.reading() as session:
            team = inviting.show_invitation(session, token)
            return render_template("teams/join.html", team=team, token=token)
    try:
        with db.transaction() as session:
            team = inviting.join(session, person, token)
    except Refusal as refusal:
        flash(refusal.message, "bad")
        return redirect(url_for("teams.join", token=token))
    flash(_("Welcome to %(team)s.", team=team.name), "ok")
    return redirect(url_for("teams.show", team_id=team.id))


def _done(team_id: int, do: Callable[[Session, Person], object]) -> ResponseReturnValue:
    """One change by the captain; a refusal is told on the team's page."""
    person = require_person()
    try:
        with db.transaction() as session:
            do(session, person)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(refusal.message, "bad")
    return redirect(url_for("teams.show", team_id=team_id))


def _shown(
    team_id: int,
    person: Person | None,
    *,
    form: TeamForm | None = None,
    mail_form: InviteForm | None = None,
    link: str = "",
) -> str:
    with db.reading() as session:
        team = service.show_team(session, team_id)
        inside = person is not None and service.team_of(session, person.id, team_id) is not None
        leads = person is not None and team.captain_id == person.id
        return render_template(
            "teams/show.html",
            team=team,
            inside=inside,
            leads=leads,
            form=form or TeamForm(None, obj=team),
            mail_form=mail_form or InviteForm(None),
            link=link,
            invitations=inviting.open_invitations(session, team) if leads else [],
        )
