"""The house stays as it was laid out."""

import ast
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leitai.settings import HOME

SOURCES = [HOME / name for name in ("platform/leitai", "evaluators", "sandbox")]
# A migration is as long as its tables.
LONG_BY_NATURE = HOME / "platform/leitai/migrations/versions"


def sources() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (path for path in folder.rglob("*.py") if LONG_BY_NATURE not in path.parents)


def test_the_source_root_does_not_shadow_the_standard_librarys_platform() -> None:
    assert not (HOME / "platform" / "__init__.py").exists()
    assert platform.python_implementation()


def test_tests_are_no_package() -> None:
    assert list((HOME / "tests").rglob("__init__.py")) == []


def test_no_function_is_longer_than_fifty_lines_and_no_file_than_five_hundred() -> None:
    long = []
    for path in sources():
        text = path.read_text()
        if text.count("\n") > 500:
            long.append(str(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 50:
                    long.append(f"{path}:{node.lineno} {node.name}")
    assert long == []


@pytest.mark.parametrize("module", ["evaluators", "leitai.cli"])
def test_what_is_imported_often_is_light(module: str) -> None:
    code = (
        f"import sys, {module}; heavy = ('numpy', 'polars', 'sklearn', 'sqlalchemy', 'flask', 'docker');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=HOME, check=True)
    assert done.stdout.strip() == "[]"
