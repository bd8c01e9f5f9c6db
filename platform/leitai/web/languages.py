"""Chinese and English: chosen by the reader, else by the browser; times are counted in UTC until shown."""

from typing import Any

from flask import Flask, g, has_request_context, redirect, request, session
from flask_babel import Babel, gettext, ngettext
from werkzeug.wrappers import Response

from leitai.errors import NotFound
from leitai.settings import Settings
from leitai.web.addresses import local_path

# What stands in addresses and in the texts of competitions, and the catalogue that goes with it.
CATALOGUES = {"en": "en", "zh": "zh_CN"}
NAMES = {"en": "English", "zh": "中文"}
TAGS = {"en": "en", "zh": "zh-CN"}


def language() -> str:
    """``en`` or ``zh``, whichever this request is answered in."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def use(code: str) -> None:
    """Answer this and later requests of this browser in a language; an unknown one changes nothing."""
    if code in CATALOGUES:
        session["language"] = code
        g.language = code


def words(texts: dict[str, str] | None) -> str:
    """A text of a competition in the reader's language, or in the one it has."""
    texts = texts or {}
    return texts.get(language()) or next(iter(texts.values()), "")


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001 every part is installed alike
    """Translate everything, and offer the other language."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=lambda: CATALOGUES[language()], timezone_selector=lambda: "UTC")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(
        language=language, language_tag=lambda: TAGS[language()], other_language=_other
    )
    app.add_url_rule("/language/<code>", "language", _switch)


def _chosen() -> str:
    kept = session.get("language")
    if kept in CATALOGUES and not request.path.startswith("/api/"):
        return str(kept)
    wanted = request.accept_languages.best_match(["en", "zh", "zh-CN", "zh-TW", "zh-HK"], "en")
    return str(wanted)[:2]


def _other() -> dict[str, Any]:
    code = "en" if language() == "zh" else "zh"
    return {"code": code, "name": NAMES[code], "tag": TAGS[code]}


def _switch(code: str) -> Response:
    if code not in CATALOGUES:
        raise NotFound("There is no such page.")
    use(code)
    return redirect(local_path(request.args.get("next", "")))
