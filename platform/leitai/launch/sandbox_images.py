"""The sandbox images on the engine of this installation: which are there, and building those that are not."""

from collections.abc import Callable, Iterable

from docker.errors import DockerException, ImageNotFound

from leitai import db
from leitai.competitions import versions
from leitai.competitions.models import Role
from leitai.launch.engine import EngineError, address, remedy
from leitai.launch.ground import GroundError
from leitai.settings import Settings
from sandbox import images, reaching
from sandbox.errors import ImageError
from sandbox.images import NAMES, ON_DEMAND
from sandbox.job import SandboxUnavailable
from sandbox.task_images import Policy, TaskImages

__all__ = ["NAMES", "ON_DEMAND", "build", "build_missing", "clear", "of_tasks", "present"]


def present(settings: Settings, name: str) -> bool:
    """Whether the engine has this image as the recipe is now.

    Raises:
        EngineError: the engine does not answer.
    """
    host = address(settings)
    try:
        client = reaching.client(host, 30)
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


def of_tasks(settings: Settings) -> TaskImages:
    """The images that sponsors give for their tasks, within what these settings allow."""
    policy = Policy(tuple(settings.sandbox.allowed_bases), settings.sandbox.image_limit)
    return TaskImages(address(settings), policy, settings.path(str(settings.sandbox.scratch)))


def clear(settings: Settings) -> list[str]:
    """Remove the images of tasks that no task of this installation names now. Returns their tags.

    Raises:
        EngineError: the engine does not answer.
    """
    with db.reading() as session:
        in_use = versions.digests(session, Role.IMAGE)
    try:
        return of_tasks(settings).clear(in_use)
    except SandboxUnavailable as error:
        raise EngineError(remedy(address(settings), str(error))) from error
