"""What every importer does: phases in a row, places where teams start, texts that a format does not have."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from leitai.competitions.bundle.archives import zipped
from leitai.competitions.foreign import programs
from leitai.competitions.foreign.dates import shown
from leitai.competitions.foreign.pages import below, has_tags, to_markdown
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.writing import Document, Task, both, line, once, slug

HTML = {".html", ".htm"}
LARGEST_PAGE = 5_000_000
# Where a competition never ends: as late as a bundle can say.
NEVER = datetime.fromisoformat("2099-12-31T23:59:59+00:00")
NOBODY = both("The organizers", "主办方")
NO_PRIZE = both("None", "无")
ONLINE = both("Online", "线上")
RULES = {
    "en": "What the agreement says holds. No further rules were given.",
    "zh": "以参赛协议为准，没有其他规则。",
}
AGREEMENT = {
    "en": "The data is for this task only.",
    "zh": "数据仅用于本赛题。",
}


@dataclass
class Phase:
    """A phase on its way: what all formats say of it."""

    name: str
    starts: datetime | str
    ends: datetime | str
    daily: int
    total: int
    keys: dict[str, Any] = field(default_factory=dict)


def phase_documents(phases: Sequence[Phase], place: str, report: Report) -> list[Document]:
    """The phases with slugs and kinds; the last one is the final."""
    taken: set[str] = set()
    found: list[Document] = []
    for number, phase in enumerate(phases):
        name = once(slug(phase.name, f"phase-{number + 1}"), taken)
        daily, total = _limits(phase, f"{place}[{number}]", report)
        found.append(
            {
                "slug": name,
                "kind": _kind(number, len(phases)),
                "title": both(phase.name),
                "starts": _written(phase.starts),
                "ends": _written(phase.ends),
                "daily_limit": daily,
                "total_limit": total,
                **phase.keys,
            }
        )
    return found


def _kind(number: int, count: int) -> str:
    if number == count - 1:
        return "final"
    return "preliminary" if number == 0 else "semi-final"


def _written(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else shown(moment)


def _limits(phase: Phase, place: str, report: Report) -> tuple[int, int]:
    total = min(max(phase.total, 1), 1_000_000)
    daily = min(max(phase.daily, 1), 10_000, total)
    if phase.daily <= 0 or phase.total <= 0:
        told = "takes no submissions there, or bounds none; here a phase takes one at least."
        report.changed(f"{place}: submissions", f"{phase.name} {told} Set daily_limit and total_limit.")
    elif (daily, total) != (phase.daily, phase.total):
        told = f"{phase.daily} a day became {daily}: more than the total of {total} cannot be handed in."
        report.changed(f"{place}: submissions", told)
    return daily, total


def page(path: Path, what: str, report: Report) -> str:
    """A page as Markdown.

    Raises:
        BundleError: it is too large, or no text.
    """
    if path.stat().st_size > LARGEST_PAGE:
        raise refused(path.name, "", "is larger than any page can be.", "Shorten it.")
    try:
        text = path.read_text("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        text = path.read_text("latin-1").replace("\0", "")
        report.changed(what, "is not UTF-8 and was read as Latin-1; look whether every letter is right.")
    if path.suffix.lower() in HTML:
        report.changed(
            what, "was HTML and became Markdown: headings, lists, tables, links and marks are kept."
        )
        return to_markdown(text)
    if has_tags(text):
        report.changed(
            what, "holds HTML between its Markdown, which pages here show as text; write Markdown."
        )
    return text.strip() + "\n"


def joined(pages: Sequence[tuple[str, str]]) -> str:
    """Several titled pages as one."""
    if len(pages) == 1:
        return pages[0][1]
    return "\n\n".join(f"## {line(title)}\n\n{below(text, 1)}" for title, text in pages).strip() + "\n"


def same(text: str) -> Document:
    """A long text that stands in both languages."""
    return {"en": text, "zh": text}


def open_data(task: Task, source: Path, name: str, described: Document, report: Report) -> Document:
    """A file or folder as open data: a folder becomes a zip whose bytes depend on nothing but its files."""
    if source.is_dir():
        files = [path for path in sorted(source.rglob("*")) if path.is_file()]
        if len(files) == 1:
            source, name = files[0], files[0].name
        else:
            target = task.folder / "data" / f"{name}.zip"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(zipped(source))
            report.taken(f"{name}.zip", f"{len(files)} files of open data, packed.")
            return {"file": f"data/{name}.zip", "description": described}
    report.taken(source.name, "open data.")
    return {"file": task.put(source, f"data/{source.name}"), "description": described}


def told_again(hidden: Sequence[Path], open_: Path) -> list[str]:
    """Hidden files that also lie among open ones, by their bytes."""
    if not open_.is_dir():
        return []
    contents = {
        path.read_bytes(): path.name
        for path in open_.rglob("*")
        if path.is_file() and path.stat().st_size > 0
    }
    return sorted(
        {
            path.name
            for folder in hidden
            for path in ([folder] if folder.is_file() else folder.rglob("*"))
            if path.is_file() and path.stat().st_size > 0 and path.read_bytes() in contents
        }
    )


def program(task: Task, source: Path, name: str, what: str, report: Report) -> str:
    """A program's folder, taken over as it is and looked at."""
    programs.look(source, what, report)
    return task.put(source, name)


def defaults(report: Report) -> Document:
    """Keys that no foreign format has."""
    report.changed("sponsor, prize, place", "stand in no other format; write them into the bundle.")
    report.changed(
        "texts", "are in one language and stand in both here; translate title, statement and rules."
    )
    return {"sponsor": NOBODY, "prize": NO_PRIZE, "team_size_max": 1}


def edition(name: str, title: str, summary: str, phases: Sequence[Document]) -> Document:
    """competition.yaml, as long as the phases of its tasks."""
    starts, ends = ([phase[key] for phase in phases] for key in ("starts", "ends"))
    return {
        "leitai": 1,
        "slug": name,
        "title": both(title),
        "summary": both(summary or title),
        "place": ONLINE,
        "starts": min(starts),
        "ends": max(ends),
        "tracks": [{"slug": "main", "title": both("Main track", "主赛道"), "tasks": []}],
    }


def after(start: datetime, days: int) -> datetime:
    """So many days later, or as late as can be said."""
    return min(start + timedelta(days=days), NEVER)


def read_json(path: Path) -> Any:
    """A JSON document of a sensible size.

    Raises:
        BundleError: it is none.
    """
    try:
        with path.open("rb") as file:
            content = file.read(1_000_001)
        return json.loads(content[:1_000_000])  # a longer one is cut, and then no JSON
    except (ValueError, RecursionError) as error:
        raise refused(path.name, "", f"is no JSON: {error}.", "Correct it.") from None
