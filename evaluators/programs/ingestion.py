"""Codabench's ingestion programs: beside what a team submitted as code, and never where a reference is."""

import os
from pathlib import Path

from evaluators.programs import commands
from evaluators.programs.results import ProgramTrouble


def ingest(command: str, given: Path, program: Path, handed_in: Path, output: Path) -> int:
    """Put the ingestion program into the place of this process.

    Raises:
        ProgramTrouble: it cannot be started.
    """
    app = commands.APP
    commands.mirror(program, app / "program", commands.COPIED_BYTES)
    links = {"input_data": given, "ingested_program": handed_in, "output": output}
    for name, place in links.items():
        (app / name).symlink_to(place, target_is_directory=True)
    (app / "shared").mkdir()
    named = {
        "input": app / "input_data",
        "output": app / "output",
        "tmp": app / "output",
        "predictions": app / "output",
        "program": app / "program",
        "ingestion_program": app / "program",
        "submission_program": app / "ingested_program",
        "shared": app / "shared",
    }
    words = commands.arguments(command, named)
    os.chdir(app / "program")
    try:
        os.execvp(words[0], words)  # noqa: S606 the contract runs it without a shell
    except OSError as error:
        raise ProgramTrouble(f"The ingestion program cannot be started: {error.strerror}.") from None
