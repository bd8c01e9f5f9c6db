"""NPY and NPZ are read without unpickling anything, and what is wrong with one is told apart."""

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from evaluators.tables.files import read
from tests.evaluators.handed_in import ANSWERS, SCORES, problem
from tests.evaluators.trial import Row, evaluated, rejected, spec

ROW_ORDER = spec(ids="row_order")
FIELDS = [("id", "i8"), ("y", "f4")]


def records(fields: Any = FIELDS) -> np.ndarray[Any, Any]:
    return np.array([(4, 5), (1, 1), (3, 3), (2, 2)], dtype=fields)


def saved(folder: Path, array: Any, task: Row | None = None, **options: Any) -> dict[str, Any]:
    np.save(folder / "p.npy", array, **options)
    return evaluated(folder, ANSWERS, folder / "p.npy", task)


def zipped(folder: Path, task: Row | None = None, **arrays: Any) -> dict[str, Any]:
    np.savez_compressed(folder / "p.npz", **arrays)
    return evaluated(folder, ANSWERS, folder / "p.npz", task)


@pytest.mark.parametrize(
    "fields",
    [
        FIELDS,
        [("y", "f8"), ("id", "<i2"), ("more", "O")][:2],
        [("id", ">u4"), ("y", ">f8")],
        [("id", "U3"), ("y", "U3")],
        [("id", "S3"), ("y", "i1")],
        [("id", "u1"), ("x", "f8", (2, 2)), ("y", "f2")],
    ],
    ids=["plain", "order", "big endian", "texts", "bytes", "more"],
)
def test_an_array_with_named_fields_is_a_table(tmp_path: Path, fields: Any) -> None:
    array = np.zeros(4, dtype=fields)
    array["id"], array["y"] = ([4, 1, 3, 2], [5, 1, 3, 2])
    assert saved(tmp_path, array)["scores"] == SCORES


@pytest.mark.parametrize("compressed", [True, False])
def test_an_npz_has_an_array_for_each_column(tmp_path: Path, compressed: bool) -> None:
    save = np.savez_compressed if compressed else np.savez
    save(tmp_path / "p.npz", id=np.array(["4", "1", "3", "2"]), y=[5.0, 1, 3, 2], more=np.eye(3))
    assert evaluated(tmp_path, ANSWERS, tmp_path / "p.npz")["scores"] == SCORES


@pytest.mark.parametrize(
    "array",
    [np.array([1, 2, 3, 5]), np.array([[1.0], [2], [3], [5]]), np.array([[1, 2, 3, 5]]).T],
    ids=["one dimension", "two", "fortran"],
)
def test_where_a_task_goes_by_the_order_of_rows_an_array_needs_no_ids(tmp_path: Path, array: Any) -> None:
    assert saved(tmp_path, array, ROW_ORDER)["scores"] == SCORES
    assert zipped(tmp_path, ROW_ORDER, y=array.reshape(-1))["scores"] == SCORES
    assert saved(tmp_path, records(), ROW_ORDER)["scores"] == SCORES
    assert rejected(saved(tmp_path, array)) == ("unnamed_columns", {})
    assert rejected(saved(tmp_path, array[:3], ROW_ORDER)) == ("wrong_length", {"count": 3, "wanted": 4})


def test_columns_of_an_array_stand_in_the_order_of_the_tasks_columns(tmp_path: Path) -> None:
    task = spec(
        {"metric": "mae", "target": "y", "prediction": "a"},
        {"metric": "rmse", "target": "y", "prediction": "b"},
        ids="row_order",
    )
    for order in "CF":
        matrix = np.array([[1, 2], [2, 3], [3, 4], [4, 5]], order=order)  # type: ignore[call-overload]  # C, F
        assert saved(tmp_path, matrix, task)["scores"]["public"] == {"mae": 0.0, "rmse": 1.0}
    assert "1 columns, and 2 are asked for" in problem(saved(tmp_path, matrix[:, :1], task))


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([(1, 2)], dtype=[("id", "i8"), ("y", "O")]), "Python objects"),
        (np.array([{}, None]), "Python objects"),
        (np.zeros(4, dtype=[("id", "i8"), ("y", "M8[s]")]), "y holds times"),
        (np.zeros(4, dtype=[("id", "i8"), ("y", "f8", 2)]), "y holds nested values"),
        (np.zeros(4, dtype=[("id", "i8"), ("y", [("a", "f8")])]), "y holds nested values"),
        (np.zeros((2, 2, 2)), "3 dimensions"),
        (np.array(1.0), "0 dimensions"),
    ],
    ids=["object field", "objects", "times", "lists", "records", "cube", "scalar"],
)
def test_an_array_that_is_no_table_says_why(tmp_path: Path, array: Any, words: str) -> None:
    assert words in problem(saved(tmp_path, array))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([True, False, True, True], "truth_values"),
        ([1 + 2j, 1, 1, 1], "complex_values"),
        ([1, np.nan, 1, 1], "no_values"),
        ([1, np.inf, 1, 1], "non_finite"),
        (["one", "2", "3", "5"], "not_numeric"),
    ],
)
def test_values_of_arrays_are_told_by_their_kind(tmp_path: Path, values: list[Any], code: str) -> None:
    found, params = rejected(zipped(tmp_path, id=[1, 2, 3, 4], y=np.array(values)))
    assert (found, params["column"], params["examples"][0] in "1234") == (code, "y", True)


def test_ids_and_lengths_of_arrays_are_checked(tmp_path: Path) -> None:
    assert rejected(zipped(tmp_path, id=[1, 2, 3, 3], y=[1, 2, 3, 5]))[0] == "duplicate_ids"
    assert "floating-point" in problem(zipped(tmp_path, id=[1.0, 2, 3, 4], y=[1, 2, 3, 5]))
    assert "differ in length: id 4, y 3" in problem(zipped(tmp_path, id=[1, 2, 3, 4], y=[1, 2, 3]))
    found = rejected(zipped(tmp_path, arr_0=[1, 2, 3, 4]))
    assert found == ("missing_columns", {"columns": ["id", "y"], "found": ["arr_0"]})
    assert rejected(saved(tmp_path, records()[:0])) == ("no_rows", {})
    assert rejected(saved(tmp_path, np.zeros(2000, dtype=FIELDS)))[0] == "too_many_rows"


class _Harmful:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Path.touch, (Path("harmed"),)


@pytest.mark.parametrize("name", ["p.npy", "p.npz"])
def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(pickle.dumps(_Harmful()))
    problem(evaluated(tmp_path, ANSWERS, tmp_path / name))
    array = np.empty(4, dtype=object)
    array[:] = [_Harmful()] * 4
    zipped(tmp_path, id=np.array([1, 2, 3, 4]), y=array)
    saved(tmp_path, array, ROW_ORDER)
    assert not (tmp_path / "harmed").exists()


def _with_header(header: str, values: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    said = header.encode("latin-1")
    return npy.magic(*version) + len(said).to_bytes(2 if version[0] == 1 else 4, "little") + said + values


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x01\x00\xff\xff",
        b"\x93NUMPY\x09\x00\x00\x00",
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"),
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (2**62, 4)}"),
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", b"0" * 8),
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (True,)}", b"0" * 8),
        _with_header("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", b"0" * 8),
        _with_header("{'descr': '|V0', 'fortran_order': False, 'shape': (1000000000,)}"),
        _with_header("{'descr': '<U999999999', 'fortran_order': False, 'shape': (1,)}"),
        _with_header("{'descr': [('id', '<i8'), ('id', '<i8')], 'fortran_order': False, 'shape': (0,)}"),
        _with_header("__import__('os').abort()"),
        _with_header("(" * 3000),
        _with_header("{'descr': " + "[" * 90 + "]" * 90 + ", 'fortran_order': False, 'shape': (1,)}"),
        _with_header(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}" + " " * 20_000, b"0" * 8, (2, 0)
        ),
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", b"0" * 8),
        _with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", b"0" * 9),
    ],
    ids=range(18),
)
def test_a_header_is_believed_only_as_far_as_the_file_goes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.npy").write_bytes(content)
    result = rejected(evaluated(tmp_path, ANSWERS, tmp_path / "p.npy", ROW_ORDER))
    assert result[0] in ("unreadable", "too_many_rows")
    with zipfile.ZipFile(tmp_path / "p.npz", "w") as archive:
        archive.writestr("id.npy", content)
        archive.writestr("y.npy", content)
    assert rejected(evaluated(tmp_path, ANSWERS, tmp_path / "p.npz"))[0] in ("unreadable", "too_many_rows")


def test_a_newer_header_with_names_in_unicode_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    array = np.array([(1, 0.5), (2, 1.5)], dtype=[("编号", "i8"), ("值", "f8")])
    npy.write_array(buffer, array, version=(3, 0))
    (tmp_path / "p.npy").write_bytes(buffer.getvalue())
    found = read(tmp_path / "p.npy", ["编号", "值"])
    assert found["编号"].to_list() == [1, 2]
    assert found["值"].to_list() == [0.5, 1.5]
