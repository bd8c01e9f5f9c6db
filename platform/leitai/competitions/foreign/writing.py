"""The bundle as it is put together and written: texts in both languages, files copied under names of ours."""

import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from leitai.competitions.bundle.files import MARKDOWN_LIMIT
from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign.report import refused

LINE = 300
Document = dict[str, Any]
SLUG = 60


@dataclass
class Task:
    """A task on its way: the keys of its task.yaml, and the folder that they name files in."""

    folder: Path
    document: Document = field(default_factory=dict)

    def put(self, source: Path, name: str) -> str:
        """Copy a file or folder into the task. Returns its path as the document names it."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source, target, ignore=shutil.ignore_patterns("__pycache__", ".DS_Store", "__MACOSX")
            )
        else:
            shutil.copyfile(source, target)
        return name

    def write(self, name: str, content: str) -> str:
        """Write a text into the task. Returns its path as the document names it."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")
        return name

    def page(self, name: str, texts: Document) -> Document:
        """Long texts as Markdown files, one for each language."""
        return {
            language: self.write(f"{name}.{language}.md", _bounded(text)) for language, text in texts.items()
        }


def _bounded(text: str) -> str:
    text = text.strip() + "\n"
    while len(text.encode()) > MARKDOWN_LIMIT:
        text = text[: int(len(text) * 0.9)]
    return text


def line(text: str) -> str:
    """A text as one printable line that fits."""
    plain = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LINE else plain[: LINE - 1] + "…"


def both(text: str, chinese: str = "") -> Document:
    """A short text for both languages; without a Chinese one it stands in both."""
    return {"en": line(text), "zh": line(chinese or text)}


def slug(text: str, default: str) -> str:
    """A name for addresses made of a title."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG].strip("-") or default


def once(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it where it is taken; it is taken then."""
    found, number = name, 2
    while found in taken:
        found = f"{name[: SLUG - 4]}-{number}"
        number += 1
    taken.add(found)
    return found


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 no value is shared on purpose
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def write_yaml(path: Path, document: Document) -> None:
    """As a person would read it: keys in the order that they were given."""
    text = yaml.dump(_plain(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_bundle(folder: Path, competition: Document, tasks: list[Task]) -> None:
    """competition.yaml and every task.yaml; the competition's one track names the tasks."""
    for task in tasks:
        write_yaml(task.folder / "task.yaml", task.document)
    [track] = competition["tracks"]
    track["tasks"] = [f"{task.folder.name}/task.yaml" for task in tasks]
    write_yaml(folder / NAME, competition)


def new_folder(folder: Path) -> None:
    """Make the bundle's folder.

    Raises:
        BundleError: there is something already.
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise refused(str(folder), "", "is there already.", "Name another folder with -o, or remove it.")
    folder.mkdir(parents=True, exist_ok=True)
