"""What teams see of a Codabench bundle: its pages, terms and open data."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign import moving
from leitai.competitions.foreign.codabench_parts import Group, Parts
from leitai.competitions.foreign.report import Report
from leitai.competitions.foreign.returning import KEY
from leitai.competitions.foreign.values import Given
from leitai.competitions.foreign.writing import Document, Task, both, slug

OPEN = (("public_data", ("Public data", "公开数据")), ("starting_kit", ("Starting kit", "入门包")))


def texts(task: Task, parts: Parts, title: str, report: Report) -> Document:
    """Statement, rules and agreement, written into the task.

    Raises:
        BundleError: a page is not there.
    """
    found = _read(parts, report)
    own = {name: text for name, text in found.items() if KEY in parts.given.values and _is_own(name)}
    statement = moving.joined([(title_, text) for name, (title_, text) in found.items() if name not in own])
    terms = parts.given.text("terms")
    agreement = _page(parts, terms, "terms", report) if terms else ""
    if agreement:
        report.taken(f"terms ({terms})", "is the agreement that teams accept when they enter.")
    english = {
        "statement": _own(own, "statement", "en") or statement or parts.given.text("description", title),
        "rules": _own(own, "rules", "en"),
        "agreement": agreement,
    }
    defaults = {"statement": {}, "rules": moving.RULES, "agreement": moving.AGREEMENT}
    return {key: task.page(key, _both(key, text, own, defaults[key])) for key, text in english.items()}


def _both(key: str, english: str, own: Mapping[str, tuple[str, str]], default: Document) -> Document:
    chinese = _own(own, key, "zh")
    if english:
        return {"en": english, "zh": chinese or english}
    return {"en": default["en"], "zh": chinese or default["zh"]}


def _own(own: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    return own.get(f"pages/{key}.{language}.md", ("", ""))[1]


def _is_own(name: str) -> bool:
    """Whether an exported bundle has the text under this name."""
    path = PurePosixPath(name)
    parts = path.name.split(".")
    return path.parent.name == "pages" and len(parts) == 3 and parts[1] in {"en", "zh"}


def _read(parts: Parts, report: Report) -> dict[str, tuple[str, str]]:
    found = {}
    for given in parts.given.items("pages"):
        name = given.required("file")
        text = _page(parts, name, given.at("file"), report)
        if text.strip():
            found[name] = (given.text("title", name), text)
            report.taken(f"page {name}", "is part of the texts.")
    return found


def _page(parts: Parts, name: str, key: str, report: Report) -> str:
    what = f"terms ({name})" if key == "terms" else f"page {name}"
    return moving.page(parts.source.place(name, key), what, report)


def open_data(task: Task, group: Group, parts: Parts, kept: Any, report: Report) -> list[Document]:
    """Public data and starting kits of all phases; ``kept`` names the files of an exported bundle.

    Raises:
        BundleError: something is not there.
    """
    found: dict[str, Document] = {}
    for phase, _ in group.phases:
        for key, words in OPEN:
            folder = _folder(phase, key, group, parts)
            if folder is None:
                continue
            for again in moving.told_again(
                [part.reference for _, part in group.phases if part.reference], folder
            ):
                told = f"{again} lies among the open data with the same bytes: its answers are known."
                report.changed(f"{NAME}: {phase.at(key)}", told)
            for data in _documents(task, folder, _name(key, phase, found), words, kept, report):
                found.setdefault(data["file"], data)
    return list(found.values())


def _folder(phase: Given, key: str, group: Group, parts: Parts) -> Path | None:
    if key == "public_data" and not phase.has(key) and parts.given.flag("make_input_data_available"):
        return group.first.input
    return parts.folder(phase, key)


def _name(key: str, phase: Given, found: Mapping[str, Document]) -> str:
    name = key.replace("_", "-")
    return name if f"data/{name}.zip" not in found else f"{name}-{slug(phase.text('name'), '2')}"


def _documents(
    task: Task, folder: Path, name: str, words: tuple[str, str], kept: Any, report: Report
) -> list[Document]:
    names = {PurePosixPath(str(row.get("file"))).name for row in kept if isinstance(row, Mapping)}
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name in names]
    if files and name == "public-data":
        return [moving.open_data(task, path, path.name, both(*words), report) for path in files]
    return [moving.open_data(task, folder, name, both(*words), report)]


def kept_data(given: Given, number: int) -> Any:
    """The open data of an exported task, as its bundle has them; nothing where it comes from elsewhere."""
    kept = given.values.get(KEY)
    tasks = kept.get("tasks") if isinstance(kept, Mapping) else None
    if not isinstance(tasks, list) or number >= len(tasks) or not isinstance(tasks[number], Mapping):
        return []
    data = tasks[number].get("data")
    return data if isinstance(data, list) else []
