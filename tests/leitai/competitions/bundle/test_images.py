"""A task's image in a bundle: what is wrong with it is told before anything is built."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.bundle.schema import ImageSpec
from leitai.settings import Settings, load_settings
from tests.leitai.competitions import bundles
from tests.leitai.competitions.images import BUILT, CODE, SAVED, saved

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def image_of(folder: Path, image: Any, dockerfile: str | None = None, **task: Any) -> ImageSpec | None:
    given = {**CODE, "image": image, **task}
    if dockerfile is not None:
        (folder / "image").mkdir(exist_ok=True)
        (folder / "image" / "Dockerfile").write_text(dockerfile)
    bundles.write(folder, bundles.competition(given), {"input/a.csv": "id\na\n"})
    [loaded] = load_bundle(folder, NOW).tasks
    return loaded.spec.image


def problem(folder: Path, image: Any, dockerfile: str | None = None, **task: Any) -> str:
    with pytest.raises(BundleError) as caught:
        image_of(folder, image, dockerfile, **task)
    [found] = caught.value.problems
    assert found.remedy
    return str(found).removeprefix("competition.yaml: tracks[0].tasks[0].")


def test_a_dockerfile_on_an_image_of_ours_is_taken(database: Settings, tmp_path: Path) -> None:
    image = image_of(tmp_path, BUILT, "FROM leitai-runtime\nRUN true\n")
    assert image is not None
    assert (image.kind, image.place) == ("dockerfile", tmp_path / "image")


def test_a_saved_image_is_taken(database: Settings, tmp_path: Path) -> None:
    (tmp_path / "image.tar").write_bytes(saved())
    image = image_of(tmp_path, SAVED)
    assert image is not None
    assert (image.kind, image.place) == ("archive", tmp_path / "image.tar")


FAULTS = [
    ({}, "", "image: needs either dockerfile or archive. Name a folder or a file under one of them."),
    ({**BUILT, "archive": "data/train.csv"}, "FROM x", "image: needs either dockerfile or archive."),
    ({"dockerfile": "data"}, "", "image.dockerfile: has no Dockerfile. Name the folder that holds it."),
    (BUILT, "FROM ubuntu", "image.dockerfile: Dockerfile, line 1: ubuntu is not allowed as a base. Allowed"),
    (BUILT, "FROM leitai-base\nADD http://a.example/b /\n", "Dockerfile, line 2: ADD could fetch from"),
    ({"archive": "data/train.csv"}, "", "image.archive: The archive cannot be read: ReadError. Save one"),
]


@pytest.mark.parametrize(("image", "dockerfile", "told"), FAULTS)
def test_what_is_wrong_is_told(
    database: Settings, tmp_path: Path, image: Any, dockerfile: str, told: str
) -> None:
    assert told in problem(tmp_path, image, dockerfile)


SAVED_FAULTS = [
    (saved({}, {}), "image.archive: The archive holds 2 images. Save one image: docker save NAME -o FILE"),
    (saved({"Config": 5, "Layers": []}), "The manifest.json of the archive cannot be understood."),
    (saved(config={"Volumes": {"/data": {}}}), "The image declares a VOLUME, which"),
    (saved(config={"Labels": {"leitai.lease": "x"}}), "The image has the label leitai.lease, and"),
]


@pytest.mark.parametrize(("content", "told"), SAVED_FAULTS)
def test_what_is_wrong_with_a_saved_image_is_told(
    database: Settings, tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "image.tar").write_bytes(content)
    assert told in problem(tmp_path, SAVED)


def test_an_image_that_is_too_large_is_told(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "image.tar").write_bytes(saved())
    monkeypatch.setattr(load_settings().sandbox, "image_limit", 1000)
    assert "unpacks to more than 1,000 bytes. Make the image smaller." in problem(tmp_path, SAVED)


def test_operators_allow_other_bases(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_settings().sandbox, "allowed_bases", ["python:3.12-slim"])
    assert image_of(tmp_path, BUILT, "FROM python:3.12-slim")
    assert "Allowed are leitai-base, leitai-runtime, python:3.12-slim" in problem(tmp_path, BUILT, "FROM x")


def test_an_image_cannot_hold_a_reference_or_serve_predictions(database: Settings, tmp_path: Path) -> None:
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "first.csv").write_text(bundles.REFERENCE)
    phases = [bundles.phase("first", "-1 d", "+10 d", input="input", reference="image/first.csv")]
    told = problem(tmp_path, BUILT, "FROM leitai-base", phases=phases)
    assert told.startswith("image.dockerfile: holds the reference of first. Move the reference out")
    told = problem(tmp_path, BUILT, "FROM leitai-base", **bundles.task())
    assert told == "image: is given, but no program runs: the task takes predictions. Remove it."
