"""Tables and lines for people; nothing that came from others may steer the terminal."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitai.client.portal import Json

# The columns that may fold on a narrow terminal; names and numbers are copied, and stay whole.
FOLDING = {"Title", "Message", "Team"}
PIPE_WIDTH = 200
STYLES = {"scored": "green", "rejected": "red", "failed": "red", "cancelled": "dim"}


def console() -> Console:
    """Standard output, as it is now."""
    found = Console(highlight=False)
    if not found.is_terminal:
        found.width = max(found.width, PIPE_WIDTH)
    return found


def progress_console() -> Console:
    """Standard error: progress and remarks, apart from what a program reads."""
    return Console(stderr=True, highlight=False)


def plain(value: Any) -> str:
    """One line without control and direction characters."""
    text = " ".join(str(value).split())
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"})


def cell(value: Any, style: str = "") -> Text:
    """A cell that is taken as it stands: square brackets are no markup."""
    return Text(plain(value), style=style)


def words(text: Any) -> str:
    """A text of both languages, in English."""
    return plain(text.get("en", "")) if isinstance(text, dict) else plain(text or "")


def moment(text: str | None) -> str:
    """A time of the API in the zone of this computer."""
    if not text:
        return ""
    found = datetime.fromisoformat(text)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return f"{found.astimezone():%Y-%m-%d %H:%M}"


def number(value: Any) -> str:
    """A score: six significant digits, thousands apart."""
    return f"{value:,.6g}" if isinstance(value, int | float) else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Iterable[str] = ()) -> Table:
    """A table without lines; columns named in ``right`` hold numbers."""
    numbers = set(right)
    found = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        found.add_column(
            plain(name),
            justify="right" if name in numbers else "left",
            overflow="fold",
            no_wrap=name not in FOLDING,
        )
    for row in rows:
        found.add_row(*(value if isinstance(value, Text) else cell(value) for value in row))
    return found


def state(submission: Json) -> Text:
    """A submission's state in its colour."""
    return cell(submission["state"], STYLES.get(submission["state"], "yellow"))
