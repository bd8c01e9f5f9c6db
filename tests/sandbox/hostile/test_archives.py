"""Archives that attack: refused with a reason, whatever their headers claim; nothing is written elsewhere."""

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside import unpacking
from sandbox.job import Outcome, Verdict

MB = 1_000_000


def zip_of(*members: tuple[str, bytes], mode: int = 0) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    stream.seek(0)
    return stream


def tar_of(kind: bytes, target: str) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.type, member.linkname = kind, target
        archive.addfile(member)
    stream.seek(0)
    return stream


def encrypted() -> io.BytesIO:
    content = bytearray(zip_of(("predict.py", b"print(1)")).getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark) + offset
        struct.pack_into("<H", content, place, struct.unpack_from("<H", content, place)[0] | 1)
    return io.BytesIO(bytes(content))


def with_false_size() -> io.BytesIO:
    """Ten megabytes of zeros whose headers claim ten bytes."""
    content = bytearray(zip_of(("predict.py", bytes(10 * MB))).getvalue())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(mark) + offset, 10)
    return io.BytesIO(bytes(content))


def with_wrong_sum() -> io.BytesIO:
    content = bytearray(zip_of(("predict.py", b"print(1)" * 100)).getvalue())
    for mark, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        struct.pack_into("<I", content, content.index(mark) + offset, 0)
    return io.BytesIO(bytes(content))


def damaged(method: int) -> io.BytesIO:
    """Compressed in an unusual way, and broken in the middle."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("predict.py", os.urandom(4000))
    content = bytearray(stream.getvalue())
    content[200:2000] = bytes(1800)
    return io.BytesIO(bytes(content))


def nested(depth: int) -> str:
    return "d/" * depth + "predict.py"


HOSTILE = {
    "01 absolute": zip_of(("/tmp/leitai-escaped", b"x")),
    "01 parent": zip_of(("../leitai-escaped", b"x")),
    "01 parent within": zip_of(("a/../../leitai-escaped", b"x")),
    "01 backslash": zip_of(("..\\leitai-escaped", b"x")),
    "01 drive": zip_of(("C:/leitai-escaped", b"x")),
    "02 symlink in a zip": zip_of(("a", b"/etc/passwd"), mode=0o120777),
    "02 symlink in a tar": tar_of(tarfile.SYMTYPE, "/etc/passwd"),
    "02 hard link in a tar": tar_of(tarfile.LNKTYPE, "/etc/passwd"),
    "02 device in a tar": tar_of(tarfile.BLKTYPE, ""),
    "02 pipe in a tar": tar_of(tarfile.FIFOTYPE, ""),
    "03 flat bomb": zip_of(("zeros", bytes(80 * MB))),
    "03 false size": with_false_size(),
    "04 too many members": zip_of(*((f"{n}", b"") for n in range(unpacking.MEMBERS + 1))),
    "04 too deep": zip_of((nested(60), b"")),
    "04 too long": zip_of(("n" * 250, b"")),
    "04 control character": zip_of(("a\x1b[2Jb", b"x")),
    "04 same name twice": zip_of(("a.py", b"1"), ("A.py", b"2")),
    "05 encrypted": encrypted(),
    "05 wrong sum": with_wrong_sum(),
    "05 damaged lzma": damaged(zipfile.ZIP_LZMA),
    "05 damaged bzip2": damaged(zipfile.ZIP_BZIP2),
    "05 no archive": io.BytesIO(b"#!/bin/sh\necho hello\n" * 100),
    "05 empty": io.BytesIO(b""),
    "05 cut off": io.BytesIO(zip_of(("predict.py", os.urandom(9000))).getvalue()[:-30]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_and_nothing_lands_outside(tmp_path: Path, name: str) -> None:
    target = tmp_path / "inner" / "program"
    target.mkdir(parents=True)
    archive = io.BytesIO(HOSTILE[name].getvalue())
    with pytest.raises(unpacking.Refused) as refused:
        unpacking.unpack(archive, str(target), most_bytes=64 * MB)
    assert len(str(refused.value)) < 200
    assert "\x1b" not in str(refused.value)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(target)]
    assert outside == []
    assert not Path("/tmp/leitai-escaped").exists()
    assert sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) <= 64 * MB
    assert not any(path.is_symlink() for path in target.rglob("*"))


@pytest.mark.engine
@pytest.mark.parametrize(
    "name", ["01 parent", "02 symlink in a zip", "03 flat bomb", "05 encrypted", "05 no archive"]
)
def test_the_sandbox_says_so(run: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    place = tmp_path / "hostile.zip"
    place.write_bytes(HOSTILE[name].getvalue())
    outcome = run(place)
    assert outcome.verdict == Verdict.REFUSED_ARCHIVE
    assert outcome.detail


plain = st.text(alphabet="abcXYZ_.预", min_size=1, max_size=8).filter(lambda name: name.strip(".") != "")


@given(
    st.dictionaries(
        st.lists(plain, min_size=1, max_size=3).map("/".join), st.binary(max_size=200), max_size=6
    )
)
def test_an_honest_archive_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    names = {name.casefold() for name in files}
    clash = len(names) < len(files) or any(
        other != name and other.startswith(name + "/") for name in names for other in names
    )
    target = tmp_path_factory.mktemp("honest")
    archive = zip_of(*files.items())
    if clash:
        return
    unpacking.unpack(archive, str(target), most_bytes=MB)
    found = {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert found == files


@given(st.text(max_size=40))
def test_a_name_that_is_taken_never_leads_out(name: str) -> None:
    try:
        kept = unpacking.checked(name)
    except unpacking.Refused:
        return
    assert not Path(kept).is_absolute()
    assert ".." not in Path(kept).parts
    assert os.path.normpath(f"/target/{kept}").startswith("/target/")
