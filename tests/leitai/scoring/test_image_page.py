"""The worked example on the page of images, by the command that the page names."""

import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from click.testing import CliRunner

from leitai.cli import leitai
from leitai.settings import HOME, Settings
from tests.leitai.competitions import bundles
from tests.leitai.competitions.images import BUILT, CODE

pytestmark = pytest.mark.engine

PAGE = (HOME / "docs" / "organizers" / "images.md").read_text("utf-8")
EXAMPLE = PAGE.split("\n## A worked example\n")[1].split("\n## ")[0]
FILE = re.compile(r"^`([\w./-]+)`[^\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"this file `run`:\n\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    """Without the images that a test makes."""
    client = docker.from_env()
    before = names(client)
    yield client
    for name in names(client) - before:
        client.images.remove(name)
    client.close()


def names(client: docker.DockerClient) -> set[str]:
    """Tags of images of tasks, and ids of what failed builds left of them."""
    steps = client.images.list(filters={"dangling": True, "label": "leitai.task"})
    tags = {tag for image in client.images.list("leitai-task") for tag in image.tags}
    return tags | {str(image.id) for image in steps}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A bundle around the files of the page."""
    found = RUN.search(EXAMPLE)
    assert found
    files = dict(FILE.findall(EXAMPLE)) | {"baseline/run": found[1], "input/ids.csv": "id\na\nb\n"}
    assert sorted(files) == ["baseline/run", "image/Dockerfile", "image/gauge", "input/ids.csv"]
    baseline = {"name": "the tool", "file": "baseline", "score": {"rmse": 1}}
    folder = bundles.write(
        tmp_path / "cup", bundles.competition({**CODE, "image": BUILT, "baselines": [baseline]}), files
    )
    (folder / "image" / "gauge").chmod(0o755)
    return folder


def test_the_baseline_runs_the_tool_of_the_image(
    database: Settings, engine: docker.DockerClient, example: Path
) -> None:
    found = CliRunner().invoke(leitai, ["check", str(example)])
    assert found.exit_code == 0, found.output
    assert "Baselines tried: 1, not as expected: 0." in found.output


def test_a_build_that_fails_says_why(database: Settings, engine: docker.DockerClient, example: Path) -> None:
    (example / "image" / "gauge").write_text("#!/bin/sh\necho five\n")
    found = CliRunner().invoke(leitai, ["check", str(example)])
    assert found.exit_code == 1, found.output
    assert "Scoring failed on our side: The image of the task: The task's image could not be" in found.output
    assert "returned a non-zero code: 1" in found.output
