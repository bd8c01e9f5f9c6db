"""Submissions of several tables: light checks of the zip that cost no quota."""

from collections.abc import Sequence
from zipfile import ZipInfo

from evaluators import formats
from leitai.competitions.models import Kind, Task
from leitai.errors import N_
from leitai.submissions.refusals import UnsuitableFile


def wanted(task: Task) -> list[str]:
    """The tables that a submission of predictions holds; none where it is one table, or a program."""
    return list((task.evaluation or {}).get("files", ())) if task.kind == Kind.PREDICTIONS else []


def check_is_zip(name: str, files: Sequence[str]) -> None:
    """Hold the suffix to what holds several tables.

    Raises:
        UnsuitableFile: it is another one.
    """
    if formats.suffix(name) != ".zip":
        raise UnsuitableFile(
            N_("This task takes a .zip with tables at its top: %(files)s. Your file is named %(name)s."),
            files=", ".join(files),
            name=name,
        )


def check_tables(members: Sequence[ZipInfo], files: Sequence[str]) -> None:
    """Look for the tables of the task at the top; the evaluator does the hard checking.

    Raises:
        UnsuitableFile: one is not there.
    """
    found = {member.filename for member in members}
    if missing := [name for name in files if name not in found]:
        raise UnsuitableFile(
            N_("There is no %(missing)s at the top of the zip. Put these tables there: %(files)s."),
            missing=missing[0],
            files=", ".join(files),
        )
