"""Programs of organizers at work: what they are started with, what they are handed, what they leave."""

import io
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

from leitai.competitions.bundle.archives import write_folder_tar
from leitai.scoring import stages
from leitai.scoring.cleaning import clean, log_tail
from leitai.scoring.work import Work
from sandbox.job import OUTPUT, PROGRAM, Outcome

# By its path: the working directory holds what a team handed in, and nothing there may be imported.
LAUNCH = f"{stages.EVALUATORS}/evaluators/programs/launch.py"
STDOUT_BYTES, STDERR_BYTES = 1000, 2500


def scoring_command(result: str) -> tuple[str, ...]:
    """What scores what lies at ``PROGRAM``, which is data there."""
    specification = f"{stages.EVALUATORS}/spec.json"
    places = (specification, stages.REFERENCE, stages.SPONSORS, PROGRAM, f"{OUTPUT}/{result}")
    return ("python3", LAUNCH, "score", *places)


def ingesting_command(work: Work) -> tuple[str, ...]:
    """What runs beside the submitted code at ``PROGRAM``."""
    command = str(work.evaluation["program"]["ingestion"]["command"])
    return ("python3", LAUNCH, "ingest", command, stages.HIDDEN_INPUT, stages.SPONSORS, PROGRAM, OUTPUT)


def archive(predictions: Path, name: str, work: Work, folder: Path) -> Path:
    """What is handed to the program as an archive: the supervisor unpacks only bounded honest ones."""
    if predictions.is_file() and work.evaluation["program"]["kind"] == "codabench":
        return predictions
    place = folder / "handed-in.tar"
    with place.open("wb") as target:
        if predictions.is_dir():
            write_folder_tar(predictions, target)
        else:
            _write_one(predictions, f"predictions{PurePosixPath(name).suffix.lower()}", target)
    return place


def _write_one(path: Path, name: str, target: io.BufferedWriter) -> None:
    with tarfile.open(fileobj=target, mode="w") as made, path.open("rb") as content:
        member = tarfile.TarInfo(name)
        member.size = path.stat().st_size
        made.addfile(member, content)


def missing(work: Work, outcome: Outcome) -> str:
    """The first file that submitted code should have left and did not; `*` where it left none at all."""
    expected = work.evaluation["program"].get("expects") or []
    lacking = [name for name in expected if name not in outcome.files]
    return lacking[0] if lacking else "" if outcome.files else "*"


def words(outcome: Outcome) -> str:
    """The end of what a program wrote, for organizers alone; its last line says what was wrong."""
    ends = log_tail(outcome.stdout, STDOUT_BYTES), log_tail(outcome.stderr, STDERR_BYTES)
    return "\n".join(filter(None, ends))


def rows(verdict: dict[str, Any]) -> int:
    """How many rows a program has compared, where it compares rows."""
    found = verdict.get("rows")
    return sum(each for each in found.values() if isinstance(each, int)) if isinstance(found, dict) else 0


def notes(verdict: dict[str, Any]) -> str:
    """What was left out of the scores, for organizers."""
    found = clean(verdict.get("notes", []))
    return " ".join(map(str, found)) if isinstance(found, list) else ""
