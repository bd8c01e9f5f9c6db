"""YAML is read as plain data; whatever else it can do is refused with the line."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.yaml_reader import read_yaml


def read(folder: Path, content: str | bytes) -> dict[str, object]:
    place = folder / "x.yaml"
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(place, "x.yaml")


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\n"
REFUSED = [
    (LAUGHS, "line 1 uses an anchor or an alias."),
    ("a: !!python/object/apply:os.system [id]\n", "uses the tag tag:yaml.org,2002:python"),
    ("a: 1\nb: 2\na: 3\n", "line 3 has the key 'a' twice."),
    ("a: " + "[" * 50 + "]" * 50, "is nested deeper than 20 levels."),
    ("a: 1\n b: 2\n", "line 2 is not YAML: "),
    ("- a\n", "is not a mapping of keys to values."),
    ("", "is not a mapping of keys to values."),
    ("1: a\n", "is not a mapping of keys to values."),
    ("? [a]\n: b\n", "line 1 has a key that is no text."),
    ('a: "\\0"\n', "holds the character '\\x00'."),
    ('a: "\\ud800"\n', "holds the character '\\ud800'."),
    (b"a: \xff\n", "is not UTF-8."),
    (b"a: \x07\n", "holds a character that YAML forbids."),
    ("a: " + "x" * 1_000_001, "is larger than 1 MB."),
]


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_what_is_no_plain_data_is_refused(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(tmp_path, content)
    [problem] = caught.value.problems
    assert told in str(problem)
    assert problem.remedy


def test_words_that_yaml_would_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    content = "country: NO\non: yes\nat: 2026-05-01T09:00:00\nmerge: <<\nocto: 010\nbig: 1e400\n"
    found = read(tmp_path, content)
    assert found == {
        "country": "NO",
        "on": "yes",
        "at": "2026-05-01T09:00:00",
        "merge": "<<",
        "octo": "010",
        "big": float("inf"),
    }


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    with contextlib.suppress(BundleError):
        read(tmp_path_factory.mktemp("yaml"), content)
