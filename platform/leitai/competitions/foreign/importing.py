"""`leitai import`: a competition of another platform becomes a bundle, with a report of what became of it."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.foreign.codabench import import_codabench
from leitai.competitions.foreign.evalai import import_evalai
from leitai.competitions.foreign.huggingface import import_huggingface
from leitai.competitions.foreign.kaggle import import_kaggle
from leitai.competitions.foreign.report import Report
from leitai.competitions.foreign.unpacking import Source, source
from leitai.competitions.foreign.writing import new_folder

IMPORTERS: dict[str, Callable[[Source, Path, Report], None]] = {
    "codabench": import_codabench,
    "evalai": import_evalai,
    "kaggle": import_kaggle,
    "huggingface": import_huggingface,
}


def import_bundle(form: str, path: Path, folder: Path, now: datetime) -> Report:
    """Write the bundle into ``folder``, which is new, and say what became of everything.

    Raises:
        BundleError: it cannot be used here; nothing was written.
    """
    report = Report()
    with tempfile.TemporaryDirectory(prefix="leitai-import-") as scratch:
        inside = Path(scratch) / "unpacked"
        inside.mkdir()
        found = source(path, inside)
        new_folder(folder)
        try:
            IMPORTERS[form](found, folder, report)
        except BaseException:
            shutil.rmtree(folder)
            raise
    _checked(folder, report, now)
    return report


def _checked(folder: Path, report: Report, now: datetime) -> None:
    """What keeps the bundle from being applied belongs to the report: the organizer mends it there."""
    try:
        load_bundle(folder, now)
    except BundleError as error:
        for problem in error.problems:
            place = f"{problem.file}: {problem.key}" if problem.key else problem.file
            report.cannot(place, f"{problem.problem} {problem.remedy}")
