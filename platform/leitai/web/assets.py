"""Static files under addresses that hold their digest, so that browsers may keep them for good."""

import gzip
import hashlib
import os.path
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_file, url_for
from werkzeug.security import safe_join

from leitai.errors import NotFound
from leitai.settings import Settings

PACKED = {".css", ".js", ".svg"}


def install(app: Flask, settings: Settings) -> None:
    """Serve ``static/`` by digest; in development a file may change under us."""
    folder = Path(str(app.static_folder))
    remembered = cache(_digest) if settings.environment == "production" else _digest

    def address(name: str) -> str:
        return url_for("asset", digest=remembered(folder / name), name=name)

    def serve(digest: str, name: str) -> Response:
        place = safe_join(str(folder), name)
        if place is None or not os.path.isfile(place):  # noqa: PTH113 pathlib stumbles over too long a name
            raise NotFound("There is no such page.")
        response = _send(Path(place))
        if digest == remembered(Path(place)):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.jinja_env.globals["asset"] = address
    app.add_url_rule("/assets/<digest>/<path:name>", "asset", serve)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


def _send(path: Path) -> Response:
    if path.suffix not in PACKED or not request.accept_encodings["gzip"]:
        return send_file(path, conditional=True)
    response = send_file(path)
    response.direct_passthrough = False
    response.set_data(_packed(path, path.stat().st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@cache
def _packed(path: Path, changed: int) -> bytes:  # noqa: ARG001 a changed file is another entry
    ready = path.with_name(f"{path.name}.gz")
    return ready.read_bytes() if ready.is_file() else gzip.compress(path.read_bytes(), 9, mtime=0)
