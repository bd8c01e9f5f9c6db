"""Whatever goes wrong, in words: a page for people, JSON for programs, a stack trace for nobody."""

from typing import Any
from urllib.parse import quote

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from leitai.errors import N_, Refusal, SignInNeeded
from leitai.settings import Settings

log = structlog.get_logger()
TEXTS = {
    400: N_("The request could not be understood. Correct it and send it again."),
    401: N_("Sign in first. Programs send a token: Authorization: Bearer …"),
    403: N_("You have no right to this."),
    404: N_("There is no such page, or none that you may see."),
    405: N_("This cannot be done at this address."),
    413: N_("That is more than can be taken in one piece."),
    415: N_("This kind of content is not taken here."),
    422: N_("Some values cannot be taken; the details say which."),
    429: N_("Too many requests. Wait a minute, then try again."),
    500: N_("Something broke on our side. It was recorded; please try again."),
}
CODES = {
    400: "invalid",
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
}
EXPIRED = N_("The page was open for too long. Load it again and send once more.")


def install(app: APIFlask, settings: Settings) -> None:  # noqa: ARG001 every part is installed alike
    """Answer every error in the way of the address it came from."""
    # First, for it would take the place of our handler of werkzeug's errors.
    app.error_processor(_api_error)  # type: ignore[arg-type]  # APIFlask takes what Flask takes
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _: _answer(400, "invalid", gettext(EXPIRED)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refusal) -> ResponseReturnValue:
    if isinstance(error, SignInNeeded) and not _for_programs():
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=wanted))
    return _answer(error.status, error.code, error.message)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    status = error.code or 500
    answer = _answer(status, CODES.get(status, "invalid"), _text(status))
    return _with_headers(answer, dict(error.get_headers()))


def _with_headers(answer: tuple[Any, int], given: dict[str, str]) -> ResponseReturnValue:
    kept = {name: value for name, value in given.items() if name in {"Allow", "Retry-After"}}
    return (*answer, kept)


def _unstorable(error: Exception) -> ResponseReturnValue:
    """PostgreSQL knows no text with a zero byte, and nobody means one."""
    log.warning(
        "a request holds what no database keeps", path=quote(request.path), error=type(error).__name__
    )
    return _answer(400, "invalid", _text(400))


def _broken(error: Exception) -> ResponseReturnValue:
    log.exception("a request failed", path=quote(request.path), error=type(error).__name__)
    return _answer(500, "internal", _text(500))


def _api_error(error: HTTPError) -> ResponseReturnValue:
    status = error.status_code
    body: dict[str, Any] = {"code": CODES.get(status, "invalid"), "message": _text(status)}
    if error.detail:
        body["details"] = error.detail
    return {"error": body}, status, error.headers


def _answer(status: int, code: str, message: str) -> tuple[Any, int]:
    if _for_programs():
        return jsonify(error={"code": code, "message": message}), status
    return render_template("web/error.html", status=status, message=message), status


def _text(status: int) -> str:
    return str(gettext(TEXTS.get(status, TEXTS[500 if status >= 500 else 400])))


def _for_programs() -> bool:
    return request.path.startswith("/api/") or request.path == "/healthz"
