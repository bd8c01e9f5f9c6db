"""The sandbox images on the engine of this installation: which are there, and building those that are not."""

from collections.abc import Callable, Iterable

import docker
from docker.errors import DockerException, ImageNotFound

from leitai.launch.engine import EngineError, address, remedy
from leitai.launch.ground import GroundError
from leitai.settings import Settings
from sandbox import images
from sandbox.errors import ImageError
from sandbox.images import NAMES

__all__ = ["NAMES", "build", "build_missing", "present"]


def present(settings: Settings, name: str) -> bool:
    """Whether the engine has this image as the recipe is now.

    Raises:
        EngineError: the engine does not answer.
    """
    host = address(settings)
    try:
        client = docker.DockerClient(base_url=host, timeout=30)
        try:
            client.images.get(images.image_tag(name))
        finally:
            client.close()
    except ImageNotFound:
        return False
    except DockerException as error:
        raise EngineError(remedy(host, str(error))) from error
    return True


def build_missing(settings: Settings, names: Iterable[str], tell: Callable[[str], None]) -> list[str]:
    """Build those of the images that the engine lacks. Returns their names.

    Raises:
        GroundError: the engine does not answer, or a part of an image cannot be had.
    """
    missing = [name for name in names if not present(settings, name)]
    for name in missing:
        build(settings, name, tell)
    return missing


def build(settings: Settings, name: str, tell: Callable[[str], None]) -> None:
    """Build one image.

    Raises:
        GroundError: it could not be built; the text says what to do.
    """
    try:
        images.build(name, lambda detail: tell(f"{name}: {detail}"), address(settings))
    except ImageError as error:
        raise GroundError(str(error)) from error
