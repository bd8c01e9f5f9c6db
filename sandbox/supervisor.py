"""The supervisor's source as it is sent: a few modules that come to life in a bare interpreter."""

import json
from functools import cache
from importlib.resources import files

MODULES = ("frames", "unpacking", "collecting", "measuring", "watching", "main")
# The shortest program that can receive the rest: a number, then so many bytes of JSON.
BOOT = """
import json, sys, types
for name in ("sandbox", "sandbox.inside"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
size = int(sys.stdin.buffer.readline())
for name, text in json.loads(sys.stdin.buffer.read(size)):
    module = types.ModuleType(name)
    sys.modules[name] = module
    setattr(sys.modules["sandbox.inside"], name.rpartition(".")[2], module)
    exec(compile(text, name, "exec"), module.__dict__)
sys.modules["sandbox.inside.main"].main()
"""
COMMAND = ("python3", "-I", "-S", "-B", "-c", BOOT)


@cache
def source() -> bytes:
    """What process 1 reads first."""
    folder = files("sandbox") / "inside"
    texts = [(f"sandbox.inside.{name}", (folder / f"{name}.py").read_text("utf-8")) for name in MODULES]
    body = json.dumps(texts).encode()
    return f"{len(body)}\n".encode() + body
