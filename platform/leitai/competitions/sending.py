"""An artefact as the answer to a request: streamed, and saved under a name that is safe in a header."""

import re
import unicodedata
from urllib.parse import quote

from flask import Response, request

from leitai.competitions.downloading import Taken
from leitai.storage import ArtefactStore

# RFC 8187: what may stand in an extended value as it is.
PLAIN = "!#$&+-.^_`|~"
# Programs that were cut off ask for the rest; other ranges nobody needs, and RFC 9110 lets us send the whole.
REST = re.compile(r"^bytes=(\d{1,18})-$")


def attachment(taken: Taken, store: ArtefactStore) -> Response:
    """The bytes, for saving and never for showing; from a byte on if the request asks for the rest."""
    start = _start(taken.size)
    response = Response(store.chunks(taken.digest, start), mimetype="application/octet-stream")
    response.headers["Content-Length"] = str(taken.size - start)
    response.headers["Content-Disposition"] = disposition(taken.name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{taken.digest}"'
    if start:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{taken.size - 1}/{taken.size}"
    return response


def _start(size: int) -> int:
    found = REST.match(request.headers.get("Range", ""))
    start = int(found[1]) if found else 0
    return start if start < size else 0


def disposition(name: str) -> str:
    """The header for a file name in any script: plain letters for old programs, the true name beside them."""
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").replace("/", "_") or "data"
    plain = "".join(sign if sign.isascii() and sign not in '"\\%;' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=PLAIN)}"
