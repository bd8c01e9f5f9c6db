"""Score one submission.

``python -m evaluators.score SPEC.json REFERENCE_DIR PREDICTIONS OUT.json [MEASURED.json]``

Exit 0 with scores or a rejection in OUT.json; exit 1 with a text on stderr when the trouble is ours.
"""

import json
import sys
from pathlib import Path

from evaluators import prepared, threads
from evaluators.errors import ReferenceTrouble, SpecError


def main(*arguments: str) -> int:
    """The exit code; see above."""
    if len(arguments) not in (4, 5):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        run(*map(Path, arguments))
    except (SpecError, ReferenceTrouble, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(spec_file: Path, folder: Path, predictions: Path, out: Path, measured: Path | None = None) -> None:
    """Write the result of this submission; ``measured`` says what its run used, where that counts.

    Raises:
        SpecError, ReferenceTrouble, OSError: ours to mend.
    """
    threads.bound()
    from evaluators import scoring, several

    spec, reference = prepared.reference(spec_file, folder)
    # What was too large to be sent with the job lies in a volume, and the supervisor left a link to it.
    known = json.loads(measured.read_text(encoding="utf-8")) if measured else {}
    found = predictions.resolve()
    if isinstance(reference, several.References):
        result = several.evaluate(spec, reference, found, known)
    else:
        result = scoring.evaluate(spec, reference, found, known)
    out.write_text(json.dumps(result, ensure_ascii=False, allow_nan=False), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
