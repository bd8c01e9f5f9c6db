"""Names, light checks and bytes, before anything is queued."""

import io
import zipfile
from typing import IO

import pytest

from leitai import storage
from leitai.competitions.models import Kind, Task
from leitai.errors import Refusal, TooLarge
from leitai.settings import Settings
from leitai.submissions import intake
from leitai.submissions.refusals import UnsuitableFile


def task_of(kind: str = Kind.PREDICTIONS, upload_bytes: int = 1000) -> Task:
    return Task(kind=kind, limits={"upload_bytes": upload_bytes})


def zip_of(*names: str, **options: object) -> IO[bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **options) as archive:  # type: ignore[call-overload]  # options of ZipFile
        for name in names:
            archive.writestr(name, "print()")
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("p.csv", "p.csv"),
        ("/etc/../a b.csv", "a b.csv"),
        (r"C:\Users\me\预测.csv", "预测.csv"),
        ("a\x00\x1b[31m\r\nb.csv", "a[31m b.csv"),
        ("evil\u202efdp.csv", "evilfdp.csv"),
        ("  two   spaces .csv ", "two spaces .csv"),
        ("x" * 300 + ".parquet", "x" * 192 + ".parquet"),
    ],
)
def test_of_a_name_only_its_own_part_stays_without_what_misleads(given: str, kept: str) -> None:
    assert intake.clean_name(given) == kept
    assert len(intake.clean_name(given)) <= intake.NAME_LENGTH


@pytest.mark.parametrize("given", ["", "  ", "a/", "..", "\u202e", "\\"])
def test_a_name_of_nothing_is_refused(given: str) -> None:
    with pytest.raises(UnsuitableFile, match="has no name"):
        intake.clean_name(given)


@pytest.mark.parametrize(
    ("kind", "name", "fits"),
    [
        (Kind.PREDICTIONS, "a.CSV", True),
        (Kind.PREDICTIONS, "a.parquet", True),
        (Kind.PREDICTIONS, "a.jsonl", True),
        (Kind.PREDICTIONS, "a.npy", True),
        (Kind.PREDICTIONS, "a.NPZ", True),
        (Kind.PREDICTIONS, "a.b.csv.gz", True),
        (Kind.PREDICTIONS, "a.zip", True),
        (Kind.PREDICTIONS, "a.gz", False),
        (Kind.PREDICTIONS, "a.tar.gz", False),
        (Kind.PREDICTIONS, "a.pkl", False),
        (Kind.PREDICTIONS, "a.csv.exe", False),
        (Kind.PREDICTIONS, "csv", False),
        (Kind.CODE, "a.zip", True),
        (Kind.CODE, "predict.py", False),
    ],
)
def test_the_suffix_fits_the_kind_of_the_task(kind: str, name: str, fits: bool) -> None:
    if fits:
        intake.check_name(kind, name)
        return
    with pytest.raises(UnsuitableFile, match="This task takes"):
        intake.check_name(kind, name)


def test_the_limit_of_the_settings_holds_for_every_task(
    settings_of_test: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert intake.upload_limit(task_of(upload_bytes=1000), []) == 1000
    monkeypatch.setattr(settings_of_test, "upload_limit", 500)
    assert intake.upload_limit(task_of(upload_bytes=1000), []) == 500
    assert intake.upload_limit(Task(kind=Kind.CODE, limits={}), []) == 500


def test_bytes_are_kept_by_their_digest(settings_of_test: Settings) -> None:
    artefact, name = intake.receive(task_of(), io.BytesIO(b"id,value\n"), "dir/p.csv")
    assert (name, artefact.size) == ("p.csv", 9)
    assert b"".join(storage.artefacts().chunks(artefact.digest)) == b"id,value\n"


def test_one_byte_more_than_the_limit_is_refused_and_not_kept(settings_of_test: Settings) -> None:
    assert intake.receive(task_of(), io.BytesIO(b"x" * 1000), "p.csv")[0].size == 1000
    with pytest.raises(TooLarge, match="1,000 bytes"):
        intake.receive(task_of(), io.BytesIO(b"x" * 1001), "p.csv")


def test_an_empty_file_is_refused(settings_of_test: Settings) -> None:
    with pytest.raises(UnsuitableFile, match="is empty"):
        intake.receive(task_of(), io.BytesIO(), "p.csv")


def test_a_zip_with_the_program_at_its_top_is_taken_whole(settings_of_test: Settings) -> None:
    stream = zip_of("predict.py", "weights/a.bin")
    artefact, _ = intake.receive(task_of(Kind.CODE), stream, "p.zip")
    assert artefact.size == len(stream.getvalue())  # type: ignore[attr-defined]  # it is a BytesIO


@pytest.mark.parametrize("names", [("run",), ("run", "predict.py"), ("a/run", "run")])
def test_a_program_in_another_language_is_taken(names: tuple[str, ...]) -> None:
    intake.check_program(zip_of(*names))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("mine/predict.py", "mine/a.py"), "lie in the folder mine"),
        (("mine/predict.py", "__MACOSX/mine/._predict.py"), "lie in the folder mine"),
        (("mine/predict.py", "other/a.py"), r"neither predict\.py nor run at the top"),
        (("Predict.py",), r"neither predict\.py nor run at the top"),
        (("mine/run", "mine/a.c"), "folder mine. Zip what is in it, with run at the top"),
        (("bin/run", "src/a.c"), r"neither predict\.py nor run at the top"),
        (("main.py",), r"neither predict\.py nor run at the top"),
        ((), r"neither predict\.py nor run at the top"),
    ],
)
def test_a_zip_without_the_program_at_its_top_is_told_what_to_move(names: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnsuitableFile, match=told):
        intake.check_program(zip_of(*names))


def damaged(stream: IO[bytes], at: int, by: bytes) -> bytes:
    content = bytearray(stream.read())
    content[at : at + len(by) if at + len(by) else None] = by
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip at all",
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\xff" * 18,
        b"\x1f\x8b" + b"\0" * 100,
        damaged(zip_of("predict.py"), -10, b"\xff\xff\xff\x7f"),
        zip_of("predict.py").read()[:-30],
    ],
)
def test_what_is_no_zip_is_refused_and_breaks_nothing(content: bytes) -> None:
    with pytest.raises(Refusal, match=r"not a readable zip|too many files|neither predict\.py"):
        intake.check_program(io.BytesIO(content))


def test_of_a_zip_no_more_is_read_than_a_table_of_contents_of_sensible_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "DIRECTORY_BYTES", 10_000)
    with pytest.raises(UnsuitableFile, match="too many files"):
        intake.check_program(zip_of("predict.py", *(f"file-{n}" for n in range(500))))


def test_a_large_program_is_not_read_for_the_check() -> None:
    class Counting(io.BytesIO):
        seen = 0

        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            self.seen += len(found)
            return found

    stream = Counting()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("weights.bin", b"\0" * 20_000_000)
        archive.writestr("predict.py", "print()")
    stream.seen = 0
    intake.check_program(stream)
    assert stream.seen < 100_000
    assert stream.tell() == 0


@pytest.mark.parametrize("name", ["predict.py", "run"])
def test_an_encrypted_program_is_refused(name: str) -> None:
    content = bytearray(zip_of(name).read())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    with pytest.raises(UnsuitableFile, match="encrypted"):
        intake.check_program(io.BytesIO(bytes(content)))


TABLES = {"boxes.csv": {}, "labels.csv": {}}


def test_several_tables_come_as_a_zip_with_all_of_them_at_its_top(settings_of_test: Settings) -> None:
    task = Task(kind=Kind.PREDICTIONS, limits={"upload_bytes": 1000}, evaluation={"files": TABLES})
    _, name = intake.receive(task, zip_of("labels.csv", "boxes.csv", "notes.txt"), "mine.zip")
    assert name == "mine.zip"
    with pytest.raises(UnsuitableFile, match=r"takes a \.zip with tables at its top: boxes\.csv, labels\."):
        intake.receive(task, io.BytesIO(b"id"), "boxes.csv")
    with pytest.raises(UnsuitableFile, match=r"There is no labels\.csv at the top of the zip\.") as refused:
        intake.receive(task, zip_of("boxes.csv", "out/labels.csv"), "mine.zip")
    assert refused.value.params == {"missing": "labels.csv", "files": "boxes.csv, labels.csv"}
    with pytest.raises(UnsuitableFile, match="not a readable zip"):
        intake.receive(task, io.BytesIO(b"id,y"), "mine.zip")


def test_a_program_that_writes_several_tables_is_a_program(settings_of_test: Settings) -> None:
    task = Task(kind=Kind.CODE, limits={"upload_bytes": 1000}, evaluation={"files": TABLES})
    assert intake.receive(task, zip_of("predict.py"), "mine.zip")[1] == "mine.zip"
