"""The sandbox images on the engine of this installation: which are there, and building those that are not."""

from collections.abc import Callable, Iterable

import docker
from docker.errors import DockerException, ImageNotFound

from leitai.launch.engine import EngineError, address, remedy
from leitai.settings import Settings
from sandbox import images

IMAGES = ("runtime", "scorer")


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
    """Build those of the images that the engine lacks. Returns their names."""
    missing = [name for name in names if not present(settings, name)]
    for name in missing:
        images.build(name, tell)
    return missing
