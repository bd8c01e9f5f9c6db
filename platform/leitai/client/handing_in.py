"""Handing a file in: checked here first, for a refusal should not come after a long upload."""

from pathlib import Path

from leitai.client import packing, progress
from leitai.client.errors import Refused
from leitai.client.portal import Json, Portal, TaskName
from leitai.client.uploading import Form


def hand_in(portal: Portal, name: TaskName, path: Path, fields: dict[str, str]) -> Json:
    """Send predictions, or code as a zip or a folder; gives the submission.

    Raises:
        Refused: the task does not take this, or the portal does not.
    """
    task = portal.task(name)
    with packing.file_to_send(path, task["kind"], program=bool(task["runs_programs"])) as file:
        _check(file, task)
        with file.open("rb") as stream, progress.bar(file.name, file.stat().st_size) as sent:
            form = Form(fields, stream, file.name, sent)
            return portal.submit(name, form, form.content_type)


def _check(file: Path, task: Json) -> None:
    suffixes = tuple(map(str, task["suffixes"]))
    if not file.name.lower().endswith(suffixes):
        raise Refused(f"{file.name} is not {' or '.join(suffixes)}, which this task takes.")
    size, limit = file.stat().st_size, int(task["limits"]["upload_bytes"])
    if not size:
        raise Refused(f"{file.name} is empty.")
    if size > limit:
        raise Refused(f"{file.name} has {size:,} bytes, and this task takes {limit:,} at most.")
