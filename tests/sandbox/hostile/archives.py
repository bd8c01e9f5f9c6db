"""Archives that attack, each made when it is asked for."""

import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from sandbox.inside import unpacking

MB = 1_000_000
PROGRAM = b"print('tried')"
LOCAL, CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
MILLION = 1_000_000


def zip_of(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return stream.getvalue()


def tar_of(kind: bytes, target: str = "", content: bytes = b"", name: str = "a") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, target, len(content)
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def written_through_a_link() -> bytes:
    """A link to a folder elsewhere, then a file below it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        link = tarfile.TarInfo("a")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        archive.addfile(link)
        file = tarfile.TarInfo("a/leitai-escaped")
        file.size = 1
        archive.addfile(file, io.BytesIO(b"x"))
    return stream.getvalue()


def encrypted() -> bytes:
    content = bytearray(zip_of(("predict.py", PROGRAM)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark) + offset
        struct.pack_into("<H", content, place, struct.unpack_from("<H", content, place)[0] | 1)
    return bytes(content)


def patched(content: bytes, offsets: tuple[int, int], value: int) -> bytes:
    """The same number written into the local header and into the table of contents."""
    found = bytearray(content)
    for mark, offset in zip((b"PK\x03\x04", b"PK\x01\x02"), offsets, strict=True):
        struct.pack_into("<I", found, found.index(mark) + offset, value)
    return bytes(found)


def with_false_size() -> bytes:
    """Ten megabytes of zeros whose headers claim ten bytes."""
    return patched(zip_of(("predict.py", bytes(10 * MB))), (22, 24), 10)


def with_wrong_sum() -> bytes:
    return patched(zip_of(("predict.py", PROGRAM * 100)), (14, 16), 0)


def damaged(method: int) -> bytes:
    """Compressed in an unusual way, and broken in the middle."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("predict.py", os.urandom(4000))
    content = bytearray(stream.getvalue())
    content[200:2000] = bytes(1800)
    return bytes(content)


def nested_bomb() -> bytes:
    """Zips in zips: harmless to who unpacks one of them only."""
    inner = zip_of(("zeros", bytes(20 * MB)))
    for _ in range(3):
        inner = zip_of(*((f"{n}.zip", inner) for n in range(10)))
    check = b"import os; print('GOT' if sorted(os.listdir()) != ['bomb.zip', 'predict.py'] else 'tried')"
    return zip_of(("predict.py", check), ("bomb.zip", inner))


def overlapping_bomb(files: int = 30, size: int = 20 * MB) -> bytes:
    """Each file quotes the header of the next one and goes on into it, so that all share one kernel.

    The construction is that of David Fifield, "A better zip bomb", https://www.bamsoftware.com/hacks/zipbomb/.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(size)) + packer.flush()
    body, content = kernel, bytes(size)
    headers: list[tuple[bytes, int, int, int]] = []
    behind = b""
    for number in reversed(range(files)):
        name = f"{number:03}".encode()
        if behind:
            quote = struct.pack("<BHH", 0, len(behind), len(behind) ^ 0xFFFF)
            body, content = quote + behind + body, behind + content
        total, facts = zlib.crc32(content), (len(body), len(content))
        behind = LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, 0, total, *facts, len(name), 0) + name
        headers.append((name, total, *facts))
    whole = behind + body
    return whole + _contents([(row, len(whole) - LOCAL.size - 3 - row[2]) for row in headers], len(whole))


def _contents(rows: list[tuple[tuple[bytes, int, int, int], int]], start: int) -> bytes:
    table = b"".join(
        CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, total, packed, size, len(name), 0, 0, 0, 0, 0, place)
        + name
        for (name, total, packed, size), place in rows
    )
    return table + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(rows), len(rows), len(table), start, 0)


def a_million_members() -> bytes:
    """A table of contents that names one empty file a million times; its end is that of large zips."""
    first = LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 7, 0)
    head = CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0)
    table = b"".join(head + b"%07d" % number for number in range(MILLION))
    start = len(first) + 7
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, MILLION, MILLION, len(table), start)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(table), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return first + b"0000000" + table + large + where + end


def two_in_one() -> bytes:
    """A tar in front, a zip at the end: whoever reads the tar runs another program."""
    return tar_of(tarfile.REGTYPE, content=b"print('GOT by the tar')", name="predict.py") + zip_of(
        ("predict.py", PROGRAM)
    )


def with_nul() -> bytes:
    """A name that ends early for who stops at its zero byte."""
    return zip_of(("predict.pyX.txt", PROGRAM)).replace(b"predict.pyX", b"predict.py\0")


def nested(depth: int) -> str:
    return "d/" * depth + "predict.py"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "01 absolute": lambda: zip_of(("/tmp/leitai-escaped", b"x")),
    "01 parent": lambda: zip_of(("../leitai-escaped", b"x")),
    "01 parent within": lambda: zip_of(("a/../../leitai-escaped", b"x")),
    "01 backslash": lambda: zip_of(("..\\leitai-escaped", b"x")),
    "01 drive": lambda: zip_of(("C:/leitai-escaped", b"x")),
    "02 symlink in a zip": lambda: zip_of(("a", b"/etc/passwd"), mode=0o120777),
    "02 file through a link": written_through_a_link,
    "02 symlink in a tar": lambda: tar_of(tarfile.SYMTYPE, "/etc/passwd"),
    "02 hard link in a tar": lambda: tar_of(tarfile.LNKTYPE, "/etc/passwd"),
    "02 device in a tar": lambda: tar_of(tarfile.BLKTYPE),
    "02 pipe in a tar": lambda: tar_of(tarfile.FIFOTYPE),
    "03 flat bomb": lambda: zip_of(("zeros", bytes(80 * MB))),
    "03 overlapping bomb": overlapping_bomb,
    "03 false size": with_false_size,
    "04 too many members": lambda: zip_of(*((f"{n}", b"") for n in range(unpacking.MEMBERS + 1))),
    "04 too deep": lambda: zip_of((nested(60), b"")),
    "04 ten thousand folders deep": lambda: zip_of((nested(10_000), b"")),
    "04 too long": lambda: zip_of(("n" * 250, b"")),
    "04 zero byte": with_nul,
    "04 control character": lambda: zip_of(("a\x1b[2Jb", b"x")),
    "04 same name but for case": lambda: zip_of(("a.py", b"1"), ("A.py", b"2")),
    "04 same name but for composition": lambda: zip_of(("é.py", b"1"), ("e\u0301.py", b"2")),
    "05 encrypted": encrypted,
    "05 wrong sum": with_wrong_sum,
    "05 damaged lzma": lambda: damaged(zipfile.ZIP_LZMA),
    "05 damaged bzip2": lambda: damaged(zipfile.ZIP_BZIP2),
    "05 no archive": lambda: b"#!/bin/sh\necho hello\n" * 100,
    "05 cut off": lambda: zip_of(("predict.py", os.urandom(9000)))[:-30],
}
