"""`leitai run`: the set-up, then the processes, then nothing left of either."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from leitai.launch import engine, prepare, processes, welcome
from leitai.launch.ground import GroundError
from leitai.scoring.strays import installation
from leitai.settings import Settings
from sandbox.docker_engine import DockerSandbox
from sandbox.job import SandboxUnavailable


def run_all(settings: Settings, *, demo: bool) -> int:
    """Set up, run until asked to stop, clear up. Returns the exit code.

    Raises:
        GroundError: something is in the way; the text says what to do.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(only_one(settings))
        require_port(settings)
        accounts = _set_up(settings, stack, demo=demo and settings.environment == "development")
        greet = lambda: welcome.greet(settings.address, accounts, time.monotonic() - began)  # noqa: E731 one call
        welcome.when_up(f"http://{settings.host}:{settings.port}", greet)
        stack.callback(drain, settings)
        return processes.run(processes.commands(settings), processes.environment(settings))


def _set_up(settings: Settings, stack: ExitStack, *, demo: bool) -> list[tuple[str, str, str]]:
    prepare.prepare_code()
    try:
        prepare.prepare_engine(settings, stack, outlive=False)
        prepare.prepare_images(settings)
    except GroundError as error:
        prepare.warn(error)
    prepare.prepare_database()
    return prepare.prepare_demo() if demo else []


def drain(settings: Settings) -> None:
    """Remove the containers that wait for submissions: nobody is left who would use them."""
    try:
        DockerSandbox(engine.address(settings), owner=installation(settings)).drain()
    except SandboxUnavailable:
        return


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two sets of embedded parts over one folder would destroy each other's files.

    Raises:
        GroundError: another `leitai run` holds it.
    """
    place = settings.path("run.lock")
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise GroundError(
                f"Leitai already runs with this data (process {file.read().strip()})."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def require_port(settings: Settings) -> None:
    """Find out now, not after the set-up, that another program has the port.

    Raises:
        GroundError: it has.
    """
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise GroundError(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}). "
                f"Choose another port: LEITAI_PORT={settings.port + 1} make run"
            ) from None
