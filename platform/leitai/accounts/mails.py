"""What goes out by mail, in the language of whoever gets it."""

from threading import Thread
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import force_locale, gettext

from leitai.accounts import links
from leitai.accounts.models import Person
from leitai.settings import load_settings
from leitai.web import mail
from leitai.web.languages import CATALOGUES


def address(endpoint: str, **values: Any) -> str:
    """A page's full address; the Host header of a request is not asked, for anybody can write it."""
    return load_settings().address + url_for(endpoint, **values)


def send_confirmation(person: Person) -> bool:
    """The link that confirms the address."""
    with _language(person):
        text = gettext(
            "Hello %(name)s,\n\nconfirm your e-mail address by opening this page:\n\n%(link)s\n\n"
            "The link is valid for three days. If you did not sign up at Leitai, ignore this mail.\n",
            name=person.name,
            link=address("accounts.confirm", token=links.token(links.CONFIRM, person)),
        )
        return mail.send(person.email, gettext("Confirm your e-mail address"), text)


def send_known(person: Person) -> bool:
    """To whoever signs up with a known address: the page must not tell, the mail does."""
    with _language(person):
        text = gettext(
            "Hello %(name)s,\n\n"
            "somebody asked for an account with your address, and you have one already.\n\n"
            "Sign in: %(sign_in)s\nForgot the password? %(reset)s\n\nIf it was not you, ignore this mail.\n",
            name=person.name,
            sign_in=address("accounts.sign_in"),
            reset=address("accounts.ask_reset"),
        )
        return mail.send(person.email, gettext("You have an account already"), text)


def send_reset(person: Person) -> None:
    """The link that sets another password; sent beside, for a slow answer would tell of a known address."""
    with _language(person):
        text = gettext(
            "Hello %(name)s,\n\nset a new password on this page:\n\n%(link)s\n\n"
            "The link is valid for an hour, once. If you did not ask for it, ignore this mail: "
            "your password stays as it is.\n",
            name=person.name,
            link=address("accounts.reset", token=links.token(links.RESET, person)),
        )
        given = (person.email, gettext("Set a new password"), text)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask types the proxy as its app
    Thread(target=_send_beside, args=(app, *given)).start()


def _send_beside(app: Flask, to: str, subject: str, text: str) -> None:
    with app.app_context():
        mail.send(to, subject, text)


def _language(person: Person):  # type: ignore[no-untyped-def]  # Flask-Babel's context manager has no type
    return force_locale(CATALOGUES.get(person.language, "en"))
