"""The images: a tag stands for one recipe, and no package comes in that the recipe does not name."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import docker
import pytest

from sandbox import base_image, images, packages
from sandbox.errors import ImageError


def test_a_tag_follows_from_the_recipe_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = images.image_tag("runtime")
    assert re.fullmatch(r"leitai-runtime:[0-9a-f]{12}", before)
    assert images.image_tag("runtime") == before
    (tmp_path / "runtime.txt").write_text("numpy==1.0\n")
    monkeypatch.setattr(images, "RECIPES", tmp_path)
    assert images.image_tag("runtime") != before


@pytest.mark.parametrize("name", images.NAMES)
def test_every_pin_of_a_lock_has_a_hash(name: str) -> None:
    lock = (images.RECIPES / f"{name}.txt").read_text()
    pins = [pin for pin in re.split(r"\n(?=[A-Za-z0-9])", lock) if "==" in pin]
    assert len(pins) == len(packages.PIN.findall(lock)) > 5
    assert [pin for pin in pins if not packages.HASH.search(pin)] == []


def test_files_that_no_lock_knows_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "known.whl").write_bytes(b"known")
    (tmp_path / "changed.whl").write_bytes(b"something else")
    assert packages._kept(tmp_path, {sha256(b"known").hexdigest()}) == [tmp_path / "known.whl"]
    assert [path.name for path in tmp_path.iterdir()] == ["known.whl"]


def test_what_tells_one_machine_from_another_stays_out() -> None:
    out = ("./etc/machine-id", "./etc/hostname", "./dev/sda", "./usr/share/doc/a/b")
    kept = ("./etc/passwd", "./usr/bin/python3", "./tmp")
    assert [name for name in (*out, *kept) if not base_image._left_out(name)] == list(kept)


def test_an_engine_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"does not answer|could not be built"):
        images.build("scorer", lambda _: None, f"unix://{tmp_path}/none.sock", tmp_path)


@pytest.mark.engine
@pytest.mark.parametrize("name", images.NAMES)
def test_every_package_of_an_image_can_be_imported(engine: docker.DockerClient, name: str) -> None:
    options: dict[str, Any] = {
        "network_disabled": True,
        "read_only": True,
        "remove": True,
        "tmpfs": {"/tmp": ""},
    }
    said = engine.containers.run(
        images.image_tag(name), ["python", "-c", images.TRIAL + "print('all')"], **options
    )
    assert bytes(said) == b"all\n"


@pytest.mark.engine
def test_openmp_is_given_where_the_system_has_none(engine: docker.DockerClient) -> None:
    rid = "rm -f /usr/lib/*/libgomp.so.1*\n"
    container = engine.containers.create(
        images.image_tag("runtime"),
        ["sh", "-c", f"{rid}{images.SHARE_OPENMP}python -c 'import lightgbm'"],
        network_disabled=True,
    )
    try:
        container.start()
        assert container.wait()["StatusCode"] == 0, container.logs()
    finally:
        container.remove(force=True)
