"""``/healthz``: the state of every part as JSON. Slices add their parts to ``PARTS``."""

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from leitai import __version__, db
from leitai.queues import broker
from leitai.settings import Settings
from leitai.storage import artefacts

PARTS: list[Callable[[Session], dict[str, Any]]] = []


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001 every part is installed alike
    """Answer at ``/healthz``: 200 when submissions can be taken, else 503."""
    app.add_url_rule("/healthz", "healthz", _healthz)


def _healthz() -> tuple[Response, int]:
    parts = {"database": _database(), "broker": _broker(), "artefacts": _state(ok=artefacts().reachable())}
    taking = parts["database"]["ok"] and parts["artefacts"]["ok"]
    if parts["database"]["ok"]:
        with db.reading() as session:
            for more in PARTS:
                parts |= more(session)
    return jsonify(ok=taking, version=__version__, parts=parts), 200 if taking else 503


def _state(*, ok: bool, **more: Any) -> dict[str, Any]:
    return {"ok": ok, **more}


def _database() -> dict[str, Any]:
    try:
        with db.reading() as session:
            session.execute(text("SELECT 1"))
        revision = db.current_revision()
    except SQLAlchemyError:
        return _state(ok=False)
    return _state(ok=revision == db.newest_revision(), revision=revision)


def _broker() -> dict[str, Any]:
    try:
        return _state(ok=bool(broker().ping()))
    except RedisError:
        return _state(ok=False)
