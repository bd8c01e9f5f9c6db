"""Archives of images, hostile ones included: what is read of them, and what the engine is given."""

import gzip
import io
import json
import tarfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from sandbox import image_archives
from sandbox.errors import ImageError

CONFIG = json.dumps({"config": {"Cmd": ["sh"]}}).encode()
LAYER = bytes(3000)
ENTRY = {"Config": "c.json", "RepoTags": ["leitai-scorer:abc"], "Layers": ["l/layer.tar"]}
FILES: dict[str, bytes | str] = {
    "l/VERSION": b"1.0",
    "l/layer.tar": LAYER,
    "c.json": CONFIG,
    "manifest.json": json.dumps([ENTRY]).encode(),
    "repositories": b'{"leitai-scorer": {"abc": "l"}}',
}
MOST = 10_000_000


def archive(place: Path, files: dict[str, bytes | str], **more: tarfile.TarInfo) -> Path:
    """A tar of these; a text is where a link leads."""
    with tarfile.open(place, "w") as target:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
            else:
                member.size = len(content)
            target.addfile(member, io.BytesIO(content) if isinstance(content, bytes) else None)
        for member in more.values():
            target.addfile(member, io.BytesIO(bytes(member.size)))
    return place


def brought(place: Path) -> dict[str, bytes]:
    """What the engine is given."""
    content = b"".join(image_archives.untagged(place, image_archives.read(place, MOST)))
    with tarfile.open(fileobj=io.BytesIO(content)) as found:
        files = {member.name: found.extractfile(member) for member in found}
    return {name: file.read() if file else b"" for name, file in files.items()}


def refusal(place: Path, most_bytes: int = MOST) -> str:
    with pytest.raises(ImageError) as caught:
        image_archives.read(place, most_bytes)
    return str(caught.value)


@pytest.mark.parametrize("packed", [False, True])
def test_the_image_arrives_whole_and_without_a_name(tmp_path: Path, packed: bool) -> None:
    place = archive(tmp_path / "image.tar", FILES)
    if packed:
        place.write_bytes(gzip.compress(place.read_bytes()))
    found = brought(place)
    assert json.loads(found.pop("manifest.json")) == [ENTRY | {"RepoTags": None}]
    assert found == {"c.json": CONFIG, "l/layer.tar": LAYER}
    assert image_archives.read(place, MOST).settings == json.loads(CONFIG)


def test_names_that_newer_engines_write_beside_the_manifest_do_not_arrive(tmp_path: Path) -> None:
    blob = "blobs/sha256/" + "a" * 64
    entry = {"Config": f"{blob}1", "RepoTags": ["leitai-runtime:x"], "Layers": [f"{blob}2"]}
    files: dict[str, bytes | str] = {
        f"{blob}1": CONFIG,
        f"{blob}2": LAYER,
        "index.json": b'{"manifests": []}',
        "oci-layout": b"{}",
        "manifest.json": json.dumps([entry]).encode(),
    }
    assert sorted(brought(archive(tmp_path / "image.tar", files))) == [
        f"{blob}1",
        f"{blob}2",
        "manifest.json",
    ]


def test_a_layer_that_was_saved_once_and_linked_is_found(tmp_path: Path) -> None:
    entry = ENTRY | {"Layers": ["l/layer.tar", "m/layer.tar"]}
    files = FILES | {"m/layer.tar": "../l/layer.tar", "manifest.json": json.dumps([entry]).encode()}
    found = brought(archive(tmp_path / "image.tar", files))
    assert json.loads(found["manifest.json"])[0]["Layers"] == ["l/layer.tar", "l/layer.tar"]


def manifest(value: Any) -> dict[str, bytes | str]:
    return FILES | {"manifest.json": json.dumps(value).encode()}


HOSTILE = [
    ({"a": b"b"}, "has no manifest.json. Save one image: docker save NAME -o FILE"),
    (manifest({}), "has no manifest.json."),
    (manifest([]), "holds 0 images."),
    (manifest([ENTRY, ENTRY]), "holds 2 images."),
    (manifest(["x"]), "manifest.json of the archive cannot be understood."),
    (manifest([{"Config": 1, "Layers": []}]), "cannot be understood."),
    (manifest([{"Config": "c.json", "Layers": [5]}]), "cannot be understood."),
    (manifest([ENTRY | {"Config": "l/layer.tar"}]), "lacks the configuration of its image."),
    (manifest([ENTRY | {"Layers": ["../x"]}]), "lacks the layer '../x'."),
    (
        FILES | {"m/layer.tar": "/etc/passwd"} | manifest([ENTRY | {"Layers": ["m/layer.tar"]}]),
        "lacks the layer",
    ),
    (FILES | {"../x": b"1"}, "has a member '../x', which no image has."),
    (FILES | {"/etc/x": b"1"}, "has a member '/etc/x'"),
    (FILES | {"a\\b": b"1"}, "has a member"),
    (FILES | {"./l/layer.tar": b"1"}, "holds 'l/layer.tar' twice."),
    (FILES | {f"f{n}": b"" for n in range(2001)}, "has more than 2000 members."),
    (FILES | {"manifest.json": b"[" * 100_000}, "cannot be read: RecursionError."),
]


@pytest.mark.parametrize(("files", "why"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_no_engine_saves_is_refused(tmp_path: Path, files: dict[str, bytes | str], why: str) -> None:
    assert why in refusal(archive(tmp_path / "image.tar", files))


SPECIAL = [tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE]


@pytest.mark.parametrize("kind", SPECIAL)
def test_special_members_are_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("x")
    member.type, member.linkname = kind, "c.json"
    why = refusal(archive(tmp_path / "image.tar", FILES, special=member))
    assert "special file 'x'" in why or "cannot be read" in why


def test_sizes_are_counted_before_anything_is_unpacked(tmp_path: Path) -> None:
    assert "unpacks to more than 2,000 bytes" in refusal(archive(tmp_path / "image.tar", FILES), 2000)
    member = tarfile.TarInfo("bomb")
    member.size = 10**15
    head = member.tobuf()
    (tmp_path / "bomb.tar").write_bytes(gzip.compress(head + bytes(100_000)))
    assert "unpacks to more than 10,000,000 bytes" in refusal(tmp_path / "bomb.tar")


def test_a_header_that_claims_a_huge_name_takes_no_memory(tmp_path: Path) -> None:
    member = tarfile.TarInfo("long")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 100_000_000
    (tmp_path / "x.tar").write_bytes(gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(100_000_000), 1))
    tracemalloc.start()
    why = refusal(tmp_path / "x.tar")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "cannot be read: ValueError" in why
    assert most < 5_000_000


@pytest.mark.parametrize("content", [b"", b"text", b"\x1f\x8b", gzip.compress(b"x" * 600), bytes(10_240)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert "Save one image: docker save NAME -o FILE" in refusal(tmp_path / "x")


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    place = archive(tmp_path / "image.tar", FILES)
    place.write_bytes(place.read_bytes()[:4000])
    assert "cannot be read" in refusal(place) or "no manifest" in refusal(place)


SETTINGS = [
    ({}, ""),
    ({"Volumes": None, "Labels": None}, ""),
    ({"Labels": {"maintainer": "x", "leitai.image": "runtime", "leitai.task": "d"}}, ""),
    ({"Volumes": {"/data": {}}}, "The image declares a VOLUME"),
    ({"Labels": {"leitai.image": "own"}}, "The image has the label leitai.image"),
    ({"Labels": {"leitai.pool": "x"}}, "The image has the label leitai.pool"),
]


@pytest.mark.parametrize(("settings", "why"), SETTINGS)
def test_settings_that_containers_would_inherit_are_refused(settings: dict[str, Any], why: str) -> None:
    found = image_archives.settings_fault(settings)
    assert found.startswith(why)
    assert bool(found) == bool(why)
