"""Fetching open data: what is there stays, what is half there goes on, and all of it is verified."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import requests

from leitai.client.errors import Refused, Unreachable
from leitai.client.portal import Json, Portal, TaskName

CHUNK = 256 * 1024
EVALUATION = "evaluation.json"
Arrived = Callable[[int], object]


def fetch(portal: Portal, name: TaskName, file: Json, folder: Path, arrived: Arrived) -> bool:
    """Have a data file in a folder; says whether it had to be fetched. ``arrived`` hears of every piece.

    Raises:
        Refused: the portal refuses, names a strange file, or what came is not what it announced.
        Unreachable: the portal went away; what came stays for the next time.
    """
    target = folder / _safe(str(file["name"]))
    if target.is_file() and sha256(target) == file["digest"]:
        arrived(int(file["size"]))
        return False
    # The digest in its name keeps a half of one version from being completed with another.
    part = target.with_name(f"{target.name}.{str(file['digest'])[:12]}.part")
    _complete(portal, name, file, part, arrived)
    if sha256(part) != file["digest"]:
        part.unlink()
        raise Refused(f"{target.name} came damaged and was thrown away. Fetch it again.")
    part.replace(target)
    return True


def leave_evaluation(task: Json, name: TaskName, files: list[Json], folder: Path) -> Path | None:
    """Where the task has validation data, leave beside them how they are compared, for `leitai evaluate`."""
    names = {str(file["name"]) for file in files}
    offered = task.get("validation") or {}
    tables = offered.get("files") or {"": offered.get("file")}
    if not names.issuperset(tables.values()) or EVALUATION in names:
        return None
    named = tables.get("", tables)
    found = {"task": str(name), "validation": named, "evaluation": offered["evaluation"]}
    target = folder / EVALUATION
    target.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return target


def _safe(name: str) -> str:
    if not name or name != Path(name).name or name.startswith(".") or "\\" in name or not name.isprintable():
        raise Refused(f"The portal offers a file with the name {name!r}, which is not safe to write.")
    return name


def _complete(portal: Portal, name: TaskName, file: Json, part: Path, arrived: Arrived) -> None:
    already = part.stat().st_size if part.is_file() else 0
    if already >= file["size"]:
        already = 0
    with portal.file(name, int(file["id"]), already) as response:
        resumed = response.status_code == requests.codes.partial_content
        if resumed:
            arrived(already)
        try:
            with part.open("ab" if resumed else "wb") as target:
                for chunk in response.iter_content(CHUNK):
                    target.write(chunk)
                    arrived(len(chunk))
        except requests.RequestException:
            raise Unreachable("The connection broke off. Call again to go on from here.") from None


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
