"""Pages of accounts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from leitai import db
from leitai.accounts import identity, links, mails, passwords, service
from leitai.accounts.forms import (
    AskResetForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
    SignInForm,
    SignUpForm,
    TokenForm,
)
from leitai.accounts.identity import current_person, require_person
from leitai.accounts.models import Person
from leitai.errors import Refusal
from leitai.settings import load_settings
from leitai.web import languages
from leitai.web.addresses import local_path
from leitai.web.forms import RefusableForm
from leitai.web.limits import limiter

pages = Blueprint("accounts", __name__)
REMEMBERS = "remember_token"  # Flask-Login's cookie
OFTEN, SELDOM = "20 per minute; 200 per hour", "6 per minute; 30 per hour"


def _email() -> str:
    return f"email {request.form.get('email', '').strip().lower()[:254]}"


def _who() -> str:
    person = current_person()
    return f"person {person.id}" if person else get_remote_address()


def _only_looking() -> bool:
    return request.method != "POST"


@pages.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(OFTEN, exempt_when=_only_looking)
@limiter.limit("10 per minute; 50 per hour", key_func=_email, exempt_when=_only_looking)
def sign_in() -> ResponseReturnValue:
    """Let a browser act for a person."""
    wanted = local_path(request.values.get("next", ""))
    if current_person():
        return redirect(wanted)
    form = SignInForm()
    if not form.validate_on_submit():
        return _first("accounts/sign_in.html", form, next=wanted)
    try:
        person = _authenticated(form.email.data, form.password.data)
    except Refusal as refusal:
        return _again("accounts/sign_in.html", form, refusal, next=wanted)
    identity.sign_in(person, remember=form.remember.data)
    languages.use(person.language)
    return redirect(wanted)


def _authenticated(email: str, password: str) -> Person:
    # Only reading: a password is checked for tens of milliseconds, and nobody's writing shall wait for that.
    with db.reading() as session:
        person = service.authenticate(session, email, password)
    if passwords.outdated(person.password_hash):
        with db.transaction() as session:
            service.renew_hash(session, person, password)
    return person


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Let it act for nobody."""
    identity.sign_out()
    return redirect(url_for("competitions.home"))


@pages.route("/sign-up", methods=["GET", "POST"])
@limiter.limit(SELDOM, exempt_when=_only_looking)
@limiter.limit(SELDOM, key_func=_email, exempt_when=_only_looking)
def sign_up() -> ResponseReturnValue:
    """Ask for an account; the answer is the same whether the address has one or not."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return _first("accounts/sign_up.html", form)
    try:
        with db.transaction() as session:
            person = service.create_person(
                session,
                email=form.email.data,
                name=form.name.data,
                password=form.password.data,
                country=form.country.data,
                language=form.language.data,
            )
            known = None if person else service.person_by_email(session, form.email.data)
    except Refusal as refusal:
        return _again("accounts/sign_up.html", form, refusal)
    if person:
        mails.send_confirmation(person)
    elif known:
        mails.send_known(known)
    return render_template("accounts/sent.html", email=form.email.data)


@pages.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address by a button, for mail scanners open every link."""
    form = RefusableForm()
    if not form.validate_on_submit():
        return _by_link("accounts/confirm.html", form, links.CONFIRM, token)
    try:
        with db.transaction() as session:
            person = service.confirm(session, token)
    except Refusal as refusal:
        return _again("accounts/confirm.html", form, refusal, token=token)
    flash(_("Your address is confirmed. Welcome, %(name)s.", name=person.name), "ok")
    return redirect(url_for("competitions.home" if current_person() else "accounts.sign_in"))


@pages.post("/account/confirmation")
@limiter.limit(SELDOM)
@limiter.limit(SELDOM, key_func=_who)
def confirmation() -> ResponseReturnValue:
    """Send the confirming link again."""
    person = require_person()
    if person.confirmed_at is None:
        if mails.send_confirmation(person):
            flash(_("The mail is on its way to %(email)s.", email=person.email), "ok")
        else:
            flash(_("The mail could not be sent. Try again in some minutes."), "bad")
    return redirect(url_for("accounts.account"))


@pages.route("/reset", methods=["GET", "POST"])
@limiter.limit(SELDOM, exempt_when=_only_looking)
@limiter.limit(SELDOM, key_func=_email, exempt_when=_only_looking)
def ask_reset() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether the address is known or not."""
    form = AskResetForm()
    if not form.validate_on_submit():
        return _first("accounts/ask_reset.html", form)
    with db.reading() as session:
        person = service.person_by_email(session, form.email.data)
    if person:
        mails.send_reset(person)
    return render_template("accounts/sent.html", email=form.email.data)


@pages.route("/reset/<token>", methods=["GET", "POST"])
@limiter.limit(OFTEN, exempt_when=_only_looking)
def reset(token: str) -> ResponseReturnValue:
    """Set another password by a link."""
    form = ResetForm()
    if not form.validate_on_submit():
        return _by_link("accounts/reset.html", form, links.RESET, token)
    try:
        with db.transaction() as session:
            service.reset_password(session, token, form.password.data)
    except Refusal as refusal:
        return _again("accounts/reset.html", form, refusal, token=token)
    flash(_("The new password is set. Sign in with it."), "ok")
    return redirect(url_for("accounts.sign_in"))


@pages.get("/account")
def account() -> ResponseReturnValue:
    """Profile, password and tokens."""
    return _account(require_person())


@pages.post("/account/profile")
def change_profile() -> ResponseReturnValue:
    """Change what others see."""
    person, form = require_person(), ProfileForm()
    if not form.validate_on_submit():
        return _account(person, profile=form), 400
    try:
        with db.transaction() as session:
            given = {"name": form.name.data, "country": form.country.data, "language": form.language.data}
            service.change_profile(session, person, **given)
    except Refusal as refusal:
        return _account_again(person, refusal, profile=form)
    languages.use(form.language.data)
    flash(_("Saved."), "ok")
    return redirect(url_for("accounts.account"))


@pages.post("/account/password")
@limiter.limit(OFTEN)
def change_password() -> ResponseReturnValue:
    """Set another password; this browser stays signed in, all others do not."""
    person, form = require_person(), PasswordForm()
    if not form.validate_on_submit():
        return _account(person, password=form), 400
    try:
        with db.transaction() as session:
            changed = service.change_password(session, person, form.old.data, form.new.data)
    except Refusal as refusal:
        return _account_again(person, refusal, password=form)
    identity.sign_in(changed, remember=REMEMBERS in request.cookies)
    flash(_("The new password is set, and every other browser is signed out."), "ok")
    return redirect(url_for("accounts.account"))


@pages.post("/account/tokens")
@limiter.limit(OFTEN)
def make_token() -> ResponseReturnValue:
    """Make a token; the answer to this very request is the only page that shows it."""
    person, form = require_person(), TokenForm()
    if not form.validate_on_submit():
        return _account(person, token=form), 400
    try:
        with db.transaction() as session:
            secret = service.make_token(session, person, form.token_name.data)
    except Refusal as refusal:
        return _account_again(person, refusal, token=form)
    portal = load_settings().address
    return render_template("accounts/token.html", secret=secret, name=form.token_name.data, portal=portal)


@pages.post("/account/tokens/<int(max=2147483647):token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Let a token open nothing any more."""
    person = require_person()
    with db.transaction() as session:
        service.revoke_token(session, person, token_id)
    flash(_("The token is revoked."), "ok")
    return redirect(url_for("accounts.account"))


def _first(template: str, form: RefusableForm, **more: str) -> ResponseReturnValue:
    return render_template(template, form=form, **more), 400 if form.is_submitted() else 200


def _by_link(template: str, form: RefusableForm, purpose: str, token: str) -> ResponseReturnValue:
    """The form behind a link; a link that opens nothing says so before anything is written."""
    try:
        with db.reading() as session:
            links.person_of(session, purpose, token)
    except Refusal as refusal:
        return _again(template, form, refusal, token=token, stale="yes")
    return _first(template, form, token=token)


def _again(template: str, form: RefusableForm, refusal: Refusal, **more: str) -> ResponseReturnValue:
    form.refusal = refusal.message
    return render_template(template, form=form, **more), refusal.status


def _account_again(person: Person, refusal: Refusal, **forms: RefusableForm) -> ResponseReturnValue:
    for form in forms.values():
        form.refusal = refusal.message
    return _account(person, **forms), refusal.status


def _account(person: Person, **forms: RefusableForm) -> str:
    shown: dict[str, RefusableForm] = {
        "profile": ProfileForm(None, obj=person),
        "password": PasswordForm(None),
        "token": TokenForm(None),
        **forms,
    }
    with db.reading() as session:
        tokens = service.tokens_of(session, person)
        return render_template("accounts/account.html", person=person, tokens=tokens, **shown)
