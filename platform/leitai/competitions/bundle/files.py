"""Files that a bundle names: inside it, not through links, and really there."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, TypedDict

from pydantic import BeforeValidator, ValidationInfo

from leitai.competitions.bundle.errors import refuse

MARKDOWN_LIMIT = 500_000


class Context(TypedDict):
    """What validators need to know: the bundle's folder, the folder of the file being read, the moment."""

    root: Path
    folder: Path
    now: datetime


@dataclass(frozen=True)
class Place:
    """A path of the bundle, as written and where it lies."""

    written: str
    path: Path


def resolve(value: Any, root: Path, folder: Path) -> Place:
    """Find what ``value`` names, relative to ``folder``.

    Raises:
        PydanticCustomError: not a relative path, outside of ``root``, through a link, or absent.
    """
    if not isinstance(value, str) or not value.strip():
        raise refuse(f"{value!r} is not a path.", "Name a file relative to this one.")
    if "\\" in value or "\0" in value or PurePosixPath(value).is_absolute():
        raise refuse(f"{value!r} is not a relative path.", "Name a file relative to this one, with `/`.")
    path = Path(os.path.normpath(folder / value))
    if not path.is_relative_to(root):
        raise refuse(f"{value!r} lies outside the bundle.", "Move the file into the bundle.")
    if not _exists(path):
        raise refuse(f"{value!r} does not exist.", "Add the file, or correct the path.")
    _refuse_links(value, path, root)
    return Place(value, path)


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:  # a name longer than the file system takes
        return False


def _refuse_links(value: str, path: Path, root: Path) -> None:
    steps = [path, *path.parents]
    for step in steps[: steps.index(root)]:
        if step.is_symlink():
            raise refuse(f"{value!r} goes through a link.", "Put the file itself into the bundle.")


def files_below(folder: Path) -> list[Path]:
    """Every regular file below a folder, in the order of their names.

    Raises:
        PydanticCustomError: a link or a special file is among them, or there are none.
    """
    found = sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    for path in found:
        if path.is_symlink() or not path.is_file():
            name = str(path.relative_to(folder))
            raise refuse(f"{name!r} is a link or a special file.", "Put an ordinary file in its place.")
    if not found:
        raise refuse(f"{folder.name!r} is empty.", "Put the files into it.")
    return found


def _any(value: Any, info: ValidationInfo) -> Place:
    if isinstance(value, Place):
        return value
    context = info.context or {}
    return resolve(value, context["root"], context["folder"])


def _file(value: Any, info: ValidationInfo) -> Place:
    place = _any(value, info)
    if not place.path.is_file():
        raise refuse(f"{place.written!r} is not a file.", "Name a file.")
    return place


def _folder(value: Any, info: ValidationInfo) -> Place:
    place = _any(value, info)
    if not place.path.is_dir():
        raise refuse(f"{place.written!r} is not a folder.", "Name a folder; all of its files are taken.")
    files_below(place.path)
    return place


def _file_or_folder(value: Any, info: ValidationInfo) -> Place:
    place = _any(value, info)
    if place.path.is_dir():
        files_below(place.path)
    return place


def _markdown(value: Any, info: ValidationInfo) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refuse("is empty.", "Write a text, or name a Markdown file.")
    if "\n" in value or not value.endswith(".md"):
        return value
    place = _file(value, info)
    if place.path.stat().st_size > MARKDOWN_LIMIT:
        raise refuse(f"{value!r} is larger than {MARKDOWN_LIMIT // 1000} kB.", "Shorten it.")
    return _read_text(place)


def _read_text(place: Place) -> str:
    try:
        text = place.path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(f"{place.written!r} is not UTF-8.", "Save it as UTF-8.") from None
    if not text.strip():
        raise refuse(f"{place.written!r} is empty.", "Write the text.")
    return text


FilePlace = Annotated[Place, BeforeValidator(_file)]
FolderPlace = Annotated[Place, BeforeValidator(_folder)]
FileOrFolderPlace = Annotated[Place, BeforeValidator(_file_or_folder)]
Markdown = Annotated[str, BeforeValidator(_markdown)]
