"""Score one submission: ``python -m evaluators.score SPEC.json REFERENCE_DIR PREDICTIONS OUT.json``.

Exit 0 with scores or a rejection in OUT.json; exit 1 with a text on stderr when the trouble is ours.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.spec import parse

_THREADS = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
_MOST_THREADS = 8


def main(arguments: Sequence[str]) -> int:
    """The exit code; see above."""
    if len(arguments) != 4:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        run(*map(Path, arguments))
    except (SpecError, ReferenceTrouble, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(spec_file: Path, folder: Path, predictions: Path, out: Path) -> None:
    """Write the result of this submission.

    Raises:
        SpecError, ReferenceTrouble, OSError: ours to mend.
    """
    _bound_threads()
    from evaluators.reference import read_reference
    from evaluators.scoring import evaluate

    spec = parse(json.loads(spec_file.read_text(encoding="utf-8")))
    result = evaluate(spec, read_reference(spec, folder), predictions)
    out.write_text(json.dumps(result, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _bound_threads() -> None:
    """A container may see a hundred cores and be allowed fewer processes."""
    for name in _THREADS:
        os.environ.setdefault(name, str(min(_MOST_THREADS, os.cpu_count() or 1)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
