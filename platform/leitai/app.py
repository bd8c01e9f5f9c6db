"""Wires the portal: the slices' pages and APIs, and what every page shares."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from apiflask import APIFlask
from flask_wtf.csrf import CSRFProtect

from leitai import __version__
from leitai.logs import speak_plainly
from leitai.settings import Settings, load_settings
from leitai.web import assets, filters, headers, health, languages, limits, mail, refusals

SLICES = ("accounts", "teams", "competitions", "submissions", "leaderboards", "scoring", "judging")
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> APIFlask:
    """The portal for these settings, or for those of this process."""
    speak_plainly()
    settings = settings or load_settings()
    app = APIFlask(
        "leitai",
        title="Leitai",
        version=__version__,
        spec_path="/api/v1/openapi.json",
        docs_path=None,  # its page would load its script from elsewhere
        json_errors=False,
    )
    app.config.update(configuration(settings))
    app.json.sort_keys = False  # type: ignore[attr-defined]  # scores come with the primary one first
    for part in (languages, mail, limits, headers, assets, filters, refusals, health):
        part.install(app, settings)
    csrf.init_app(app)
    _identify(app)
    for slice_name in SLICES:
        _register(app, slice_name)
    return app


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask's own keys."""
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": "leitai",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.address.startswith("https://"),
        "MAX_CONTENT_LENGTH": int(settings.upload_limit) + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "OPENAPI_VERSION": "3.1.0",
        "DESCRIPTION": "Competitions, data, submissions, boards; a token from your account page signs in.",
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _identify(app: APIFlask) -> None:
    from leitai.accounts import identity  # noqa: PLC0415 it reads the configuration that was just made

    identity.install(app)
    app.jinja_env.globals["current_person"] = identity.current_person


def _register(app: APIFlask, slice_name: str) -> None:
    app.register_blueprint(import_module(f"leitai.{slice_name}.views").pages)
    if find_spec(f"leitai.{slice_name}.api"):
        api = import_module(f"leitai.{slice_name}.api").api
        csrf.exempt(api)
        app.register_blueprint(api)
