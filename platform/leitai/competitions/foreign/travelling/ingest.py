"""Runs a submission as its home does, predict.py or run: ``python3 ingest.py INPUT OUTPUT SUBMISSION``."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """The exit code of the submission."""
    source, output, submission = sys.argv[1:4]
    program = Path(submission) / "run"
    command = [str(program)] if program.is_file() else [sys.executable, "predict.py"]
    return subprocess.run(  # noqa: S603 what was handed in
        [*command, source, output], cwd=submission, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
