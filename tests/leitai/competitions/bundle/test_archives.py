"""An archive's digest depends on names and contents, and on nothing else."""

import io
import os
import zipfile
from pathlib import Path

from leitai.competitions.bundle.archives import program_fault, write_folder_tar, zipped


def folder(place: Path) -> Path:
    (place / "deep").mkdir(parents=True)
    (place / "predict.py").write_text("print()\n")
    (place / "deep" / "数据.txt").write_text("x")
    return place


def tar(place: Path) -> bytes:
    stream = io.BytesIO()
    write_folder_tar(place, stream)
    return stream.getvalue()


def test_times_and_modes_leave_no_trace(tmp_path: Path) -> None:
    one, two = folder(tmp_path / "one"), folder(tmp_path / "two")
    os.utime(two / "predict.py", (1, 1))
    (two / "predict.py").chmod(0o700)
    assert tar(one) == tar(two)
    assert zipped(one) == zipped(two)


def test_another_name_or_content_is_another_archive(tmp_path: Path) -> None:
    one, two = folder(tmp_path / "one"), folder(tmp_path / "two")
    (two / "deep" / "数据.txt").rename(two / "deep" / "y.txt")
    assert tar(one) != tar(two)


def test_a_program_in_another_language_can_be_handed_in(tmp_path: Path) -> None:
    place = folder(tmp_path / "one")
    (place / "predict.py").rename(place / "run")
    assert program_fault(place) is None
    (tmp_path / "one.zip").write_bytes(zipped(place))
    assert program_fault(tmp_path / "one.zip") is None
    (place / "run").unlink()
    assert program_fault(place) == (
        "has neither predict.py nor run.",
        "Name a folder, or a zip, with predict.py or run at its top.",
    )


def test_a_program_is_zipped_without_what_python_left_behind(tmp_path: Path) -> None:
    place = folder(tmp_path / "one")
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "predict.pyc").write_bytes(b"x")
    archive = zipfile.ZipFile(io.BytesIO(zipped(place)))
    assert archive.namelist() == ["deep/数据.txt", "predict.py"]
    (tmp_path / "one.zip").write_bytes(zipped(place))
    assert program_fault(tmp_path / "one.zip") is None
