"""The supervisor as it is brought along: a read-only volume, so that any image with Python 3 will do."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import cache_from_source
from itertools import chain
from py_compile import PycInvalidationMode
from py_compile import compile as compile_file
from tempfile import TemporaryDirectory

from sandbox import tar_stream
from sandbox.job import Volume

HOME = "/leitai"
MODULES = (
    "__init__", "collecting", "ending", "frames", "main", "measuring", "nursery", "running", "starting",
    "turning", "unpacking", "users", "waiting", "watching", "workspace",
)  # fmt: skip


@cache
def volume() -> Volume:
    """The folder that process 1 is started from, with its byte code."""
    content = _tar()
    return Volume(sha256(content).hexdigest(), HOME, lambda: [content])


def _tar() -> bytes:
    members = sorted(_members().items())
    parts = (tar_stream.member(name, len(content), [content]) for name, content in members)
    return b"".join((*chain.from_iterable(parts), tar_stream.END))


def _members() -> dict[str, bytes]:
    members = {"sandbox/__init__.py": b""}
    for name in MODULES:
        text = (files("sandbox") / "inside" / f"{name}.py").read_bytes()
        members[f"sandbox/inside/{name}.py"] = text
        members[cache_from_source(f"sandbox/inside/{name}.py")] = _compiled(name, text)
    return members


def _compiled(name: str, text: bytes) -> bytes:
    """Byte code that is not compared with a file's time; a Python of another version compiles for itself."""
    with TemporaryDirectory() as folder:
        source, target = f"{folder}/{name}.py", f"{folder}/{name}.pyc"
        with open(source, "wb") as file:  # noqa: PTH123 plain strings for py_compile
            file.write(text)
        mode = PycInvalidationMode.UNCHECKED_HASH
        place = f"{HOME}/sandbox/inside/{name}.py"
        compile_file(source, target, place, doraise=True, invalidation_mode=mode)
        with open(target, "rb") as file:  # noqa: PTH123 as above
            return file.read()
