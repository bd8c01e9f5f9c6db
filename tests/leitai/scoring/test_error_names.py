"""The name of an error is told only when everybody has it: a program could else carry data out by a name."""

import subprocess
import sys

import pytest

from leitai.scoring.error_names import BUILT_IN, LONGEST, OF_LIBRARIES, error_name

TRACE = 'Traceback (most recent call last):\n  File "predict.py", line 3, in <module>\n    x\n    ^\n'


def said(program: str) -> str:
    """What a real Python writes when it runs this."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stderr


REAL = [
    ("raise ValueError('hidden: 7')", "ValueError"),
    ("raise ValueError('hidden: 7\\nKeyError: 8')", "ValueError"),
    ("raise KeyError", "KeyError"),
    ("open('/nowhere')", "FileNotFoundError"),
    ("import json; json.loads('{')", "json.decoder.JSONDecodeError"),
    ("import struct; struct.unpack('i', b'')", "struct.error"),
    ("try:\n  1 / 0\nexcept Exception as e:\n  raise TypeError('x') from e", "TypeError"),
    ("def f():\n  f()\nf()", "RecursionError"),
    ("x = (", "SyntaxError"),
    ("import nothing_like_it", "ModuleNotFoundError"),
    ("class ValueError(Exception): pass\nraise ValueError", "ValueError"),
    ("raise type('IDS_1_2_3', (Exception,), {'__module__': 'builtins'})('x')", ""),
    ("raise type('Error', (Exception,), {'__module__': 'hidden.row.17'})('x')", ""),
    ("import sys; sys.exit('hidden')", ""),
    ("import os; os._exit(3)", ""),
]


@pytest.mark.parametrize(("program", "name"), REAL, ids=[row[0][:40] for row in REAL])
def test_what_python_writes_is_read(program: str, name: str) -> None:
    assert error_name(said(program)) == name


MADE_UP = [
    ("ValueError: x", "ValueError"),
    ("ValueErrorX: x", ""),
    ("ValueError hidden", ""),
    ("ValueError\u200b: x", ""),
    ("\u0405yntaxError: x", ""),
    ("print: x", ""),
    ("Exception.hidden: x", ""),
    (f"{'a' * LONGEST}b: x", ""),
    ("", ""),
]


@pytest.mark.parametrize(("line", "name"), MADE_UP)
def test_nothing_but_a_known_name_comes_out(line: str, name: str) -> None:
    assert error_name(f"{TRACE}{line}\n") == name


def test_the_last_of_several_errors_is_the_one_that_ended_it() -> None:
    first = f"{TRACE}KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n"
    assert (
        error_name(f"{first}{TRACE}numpy.linalg.LinAlgError: Singular matrix\n") == "numpy.linalg.LinAlgError"
    )


def test_whatever_a_program_writes_the_answer_is_one_of_the_names() -> None:
    assert all(len(name) <= LONGEST for name in BUILT_IN | OF_LIBRARIES)
    for text in ("\x00" * 50, "Traceback (most recent call last):", "\u2028ValueError", "a" * 100_000, ":"):
        assert error_name(text) in BUILT_IN | OF_LIBRARIES | {""}
