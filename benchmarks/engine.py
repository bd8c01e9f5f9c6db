"""The Docker engine alone, as a measure for ours: `docker run`, and the life of an empty container."""

import io
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self

from docker.errors import NotFound

from benchmarks.timing import Ask
from leitai.competitions.bundle.archives import write_folder_tar
from sandbox import reaching

OUTPUT = "/output"
ENGINE_S = 120


class Engine:
    """One engine, until the block ends: then what was brought there is gone."""

    def __init__(self, host: str) -> None:
        self._host, self._command = host, shutil.which("docker")
        self._volumes: list[str] = []
        self._client = reaching.client(host, ENGINE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove(self._volumes)
        self._client.close()

    @property
    def way(self) -> str:
        """How `docker run` is done here."""
        return "docker run" if self._command else "docker run (by the SDK)"

    def run(self, image: str, command: list[str], mounts: Mapping[str, str] | None = None) -> None:
        """`docker run --rm --network none`; ``mounts`` are volumes and their places, the first is worked in.

        Raises:
            subprocess.CalledProcessError, DockerException: it failed.
        """
        places = mounts or {}
        folder = next(iter(places.values()), "/")
        if not self._command:
            self._client.containers.run(
                image, command, remove=True, network_mode="none", working_dir=folder, tmpfs={OUTPUT: ""},
                volumes={name: {"bind": place, "mode": "ro"} for name, place in places.items()},
            )  # fmt: skip
            return
        words = [self._command, "--host", self._host, "run", "--rm", "--network", "none", "-w", folder]
        words += [word for name, place in places.items() for word in ("-v", f"{name}:{place}:ro")]
        words += ["--tmpfs", OUTPUT] if places else []
        subprocess.run([*words, image, *command], check=True, capture_output=True)

    def empty_life(self, image: str) -> None:
        """Create, start, wait and remove a container that does nothing, in the engine's fastest way."""
        container = self._client.containers.create(image, ["true"], network_disabled=True)
        try:
            container.start()
            container.wait()
        finally:
            container.remove(force=True)

    def volume(self, image: str, folder: Path) -> str:
        """Bring a folder to the engine. Returns the volume's name."""
        name, stream = f"leitai-bench-{secrets.token_hex(8)}", io.BytesIO()
        write_folder_tar(folder, stream)
        self._volumes.append(name)
        mounted = {name: {"bind": "/data", "mode": "rw"}}
        holder = self._client.containers.create(image, ["true"], network_disabled=True, volumes=mounted)
        try:
            holder.put_archive("/data", stream.getvalue())
        finally:
            holder.remove(force=True)
        return name

    def remove(self, names: Iterable[str]) -> None:
        """Remove the volumes whose names hold one of these, and every container that has one of them."""
        for part in names:
            for volume in self._client.volumes.list(filters={"name": part}):
                for row in self._client.api.containers(all=True, filters={"volume": volume.name}):
                    with suppress(NotFound):
                        self._client.api.remove_container(row["Id"], force=True, v=True)
                with suppress(NotFound):
                    volume.remove(force=True)


def at_once(ask: Ask, number: int, workers: int) -> list[float]:
    """Do it so often, by so many at a time; the moments at which each ended."""

    def one(_: int) -> float:
        ask()
        return time.perf_counter()

    with ThreadPoolExecutor(workers) as crowd:
        return list(crowd.map(one, range(number)))
