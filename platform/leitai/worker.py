"""Wires a scoring worker: engine, sandbox, storage."""

from leitai.launch import engine, sandbox_images
from leitai.scoring.parts import Parts
from leitai.scoring.strays import installation, standing
from leitai.settings import Settings
from leitai.storage import artefacts
from sandbox.docker_engine import DockerSandbox
from sandbox.images import image_tag


def wire(settings: Settings, worker: str = "") -> Parts:
    """The parts that these settings name, as a worker's or nobody's. Nothing is asked of the engine yet."""
    sandbox = DockerSandbox(
        engine.address(settings),
        runtime=settings.sandbox.runtime,
        seccomp_profile=settings.sandbox.seccomp_profile,
        owner=installation(settings),
        pool_bytes=settings.sandbox.pool_memory,
        holder=standing(settings, worker) if worker else "",
    )
    return Parts(
        sandbox=sandbox,
        store=artefacts(),
        scratch=settings.path(str(settings.sandbox.scratch)),
        runtime=image_tag("runtime"),
        scorer=image_tag("scorer"),
        images=sandbox_images.of_tasks(settings),
        legacy=image_tag("legacy"),
    )
