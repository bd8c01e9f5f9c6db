"""Items 36 and 37: what lies in the output, and when."""

from collections.abc import Callable, Iterable

from sandbox.job import Outcome
from tests.sandbox.hostile.attack import INVALID, OK, OUTPUT, Attack, Ended, Ground, program
from tests.sandbox.hostile.worker import LABEL


def whole(ground: Ground, outcome: Outcome) -> Iterable[str]:
    """One version of it, not a mixture, and nothing beside it."""
    content = (ground.folder / "output" / "x").read_text()
    if content not in ("first", "z" * 1000):
        yield f"half of two outputs: {content[:20]!r}"
    if set(outcome.files) - {"x", "y"}:
        yield f"more came than was left: {outcome.files}"


def untouched(ground: Ground, outcome: Outcome) -> Iterable[str]:
    """No link came through, whatever it named."""
    for place in (ground.folder / "output").rglob("*"):
        if place.is_symlink() or not place.is_file():
            yield f"{place.name} is no plain file"


def linked(target: str) -> Callable[[Ground], Ended]:
    """Predictions that are a link, through the whole way of scoring."""

    def launch(ground: Ground) -> Ended:
        found = ground.worker.code(f"import os; os.symlink({target!r}, '/job/output/predictions.csv')")
        return Ended(found.verdict, ("a label was read",) if LABEL in found.texts or found.scores else ())

    return launch


SWAPS = """
import os
open('/job/output/x', 'w').write('first')
if not os.fork():
    os.setsid()
    while True:
        open('/job/output/y', 'w').write('z' * 1000)
        os.replace('/job/output/y', '/job/output/x')
"""
BECOMES_A_LINK = """
import os
open('/job/output/predictions.csv', 'w').write("id,value\\na,1\\nb,1\\n")
if not os.fork():
    os.setsid()
    while True:
        os.symlink('/etc/passwd', '/job/output/y')
        os.replace('/job/output/y', '/job/output/predictions.csv')
"""
FOLDERS = "import os\nfor n in range(20_000): os.mkdir(f'/job/output/{n}')"
CLOSED = "import os; os.mkdir('/job/output/x'); os.chmod('/job/output/x', 0)"
GROWS = """
import os
open('/job/output/x', 'w').write('small')
if not os.fork():
    os.setsid()
    with open('/job/output/x', 'ab') as f:
        while True: f.write(bytes(100_000))
"""

ATTACKS = (
    Attack(
        36,
        "a link to the password file",
        program("import os; os.symlink('/etc/passwd', '/job/output/x')", look=untouched),
        (INVALID,),
    ),
    Attack(
        36,
        "a linked folder",
        program("import os; os.symlink('/', '/job/output/x')", look=untouched),
        (INVALID,),
    ),
    Attack(
        36,
        "a hard link",
        program("import os; os.link('/job/program/predict.py', '/job/output/x')", look=untouched),
        (INVALID,),
    ),
    Attack(
        36,
        "a pipe that hangs its reader",
        program("import os; os.mkfifo('/job/output/x')", look=untouched),
        (INVALID,),
    ),
    Attack(
        36,
        "a link out of the output's own folder",
        program("import os; os.rmdir('/job/output'); os.symlink('/etc', '/job/output')", look=untouched),
        (INVALID, "runtime_error"),
    ),
    Attack(
        36,
        "predictions that are a link to the reference",
        linked("/data/reference/reference.csv"),
        (INVALID,),
        15.0,
    ),
    Attack(36, "folders beside folders without end", program(FOLDERS), (OUTPUT,)),
    Attack(36, "a folder that nobody may read", program(CLOSED), (INVALID,)),
    Attack(37, "output swapped after the end", program(SWAPS, look=whole), (OK,)),
    Attack(37, "output that becomes a link", program(BECOMES_A_LINK, look=untouched), (OK, INVALID)),
    Attack(
        37,
        "output that grows after the end",
        program(GROWS, {"output_bytes": 1_000_000}, untouched),
        (OK, OUTPUT),
    ),
)
