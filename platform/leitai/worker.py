"""Wires a scoring worker: engine, sandbox, storage."""

from leitai.launch import engine
from leitai.scoring.parts import Parts
from leitai.scoring.strays import installation
from leitai.settings import Settings
from leitai.storage import artefacts
from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag
from sandbox.task_images import Policy, TaskImages


def task_images(settings: Settings) -> TaskImages:
    """The images of tasks, within what these settings allow."""
    policy = Policy(tuple(settings.sandbox.allowed_bases), settings.sandbox.image_limit)
    return TaskImages(engine.address(settings), policy)


def wire(settings: Settings) -> Parts:
    """The parts that these settings name. Nothing is asked of the engine yet."""
    sandbox = DockerSandbox(
        engine.address(settings),
        runtime=settings.sandbox.runtime,
        seccomp_profile=settings.sandbox.seccomp_profile,
        owner=installation(settings),
        pool_bytes=settings.sandbox.pool_memory,
    )
    return Parts(
        sandbox=sandbox,
        store=artefacts(),
        scratch=settings.path(str(settings.sandbox.scratch)),
        runtime=image_tag("runtime"),
        scorer=image_tag("scorer"),
        images=task_images(settings),
    )
