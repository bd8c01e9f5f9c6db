"""Mail to people: through the server of the settings, or printed to the terminal in development."""

import structlog
from flask import Flask
from flask_mailman import EmailMessage, Mail
from flask_mailman.message import BadHeaderError

from leitai.settings import Settings

log = structlog.get_logger()


def install(app: Flask, settings: Settings) -> None:
    """Tell Flask-Mailman of the server."""
    mail = settings.mail
    app.config.update(
        MAIL_BACKEND="smtp" if mail.server else "console",
        MAIL_SERVER=mail.server,
        MAIL_PORT=mail.port,
        MAIL_USERNAME=mail.username or None,
        MAIL_PASSWORD=mail.password.get_secret_value() or None,
        MAIL_USE_TLS=mail.use_tls,
        MAIL_TIMEOUT=10,
        MAIL_DEFAULT_SENDER=mail.sender,
    )
    Mail(app)


def send(to: str, subject: str, text: str) -> bool:
    """Send a plain text. Returns whether it was taken; a failure is logged, and the person can ask again."""
    try:
        EmailMessage(subject, text, to=[to]).send()
    except (OSError, BadHeaderError):
        log.exception("mail was not sent")
        return False
    return True
