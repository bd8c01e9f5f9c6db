"""Text and values that came out of a container, made fit to be kept and shown."""

import re
from typing import Any

from leitai.submissions.viewing import ESCAPES

LOG_BYTES = 4096
TEXT_LENGTH = 500
LIST_LENGTH = 50
# No database and no page wants these; lone surrogates cannot even be encoded.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def log_tail(output: bytes, most: int = LOG_BYTES) -> str:
    """The end of what a program wrote, at most 4 kB or so many bytes, without what drives a terminal."""
    text = ESCAPES.sub("", output.decode("utf-8", "replace").replace("\r\n", "\n"))
    return tail(UNWANTED.sub("", text.replace("\r", "\n")).strip(), most)


def tail(text: str, most: int) -> str:
    """The end of a text, at most so many bytes of UTF-8."""
    return text.encode()[-most:].decode("utf-8", "ignore") if most > 0 else ""


def plain(text: str) -> str:
    """Several lines of text, without anything that a database or a terminal stumbles over."""
    return UNWANTED.sub("�", text)[:LOG_BYTES]


def clean(value: Any, depth: int = 3) -> Any:
    """A value of JSON without control characters, and bounded in length and depth."""
    if isinstance(value, str):
        return UNWANTED.sub("�", value)[:TEXT_LENGTH]
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    if depth and isinstance(value, list | tuple):
        return [clean(item, depth - 1) for item in value[:LIST_LENGTH]]
    if depth and isinstance(value, dict):
        return {str(clean(key)): clean(item, depth - 1) for key, item in [*value.items()][:LIST_LENGTH]}
    return str(type(value).__name__)
