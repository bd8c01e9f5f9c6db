"""Data sets as Docker volumes named by content digest: filled once, never used half-filled, read-only.

A volume is filled under a name of its own; then an empty marker volume is made whose name is the digest and
whose label names the filled one. Making a volume is atomic and its first label stays, so that of two workers
which fill at once one wins, and whoever dies while filling leaves only a stray.
"""

import secrets
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import docker
from docker.errors import APIError, DockerException, NotFound

from sandbox import supervisor, tar_stream
from sandbox.job import SandboxUnavailable, Shape, Volume

PREFIX = "leitai-data-"
FILLED = "leitai.filled"
FILLING = "leitai.filling"
LENT = "leitai.lent"
STRAY_AFTER = timedelta(hours=1)
# What was filled on an engine when we looked last, by digest: to look whether it is there still takes one
# question, and to look for it two.
_seen: WeakKeyDictionary[docker.DockerClient, dict[str, str]] = WeakKeyDictionary()


def ensure_all(client: docker.DockerClient, shape: Shape) -> dict[str, str]:
    """Have a shape's data and the supervisor on the engine. Returns mounts by the volumes' names.

    Raises:
        SandboxUnavailable: the data could not be read.
    """
    rows = (supervisor.volume(), *shape.volumes)
    return {ensure(client, shape.image, row): row.mount for row in rows}


def ensure(client: docker.DockerClient, image: str, wanted: Volume) -> str:
    """Have the data on the engine. Returns the volume's name.

    Raises:
        SandboxUnavailable: the data could not be read.
    """
    marker = PREFIX + wanted.digest
    if found := _filled(client, wanted.digest):
        return found
    mine = f"{marker}-{secrets.token_hex(4)}"
    client.volumes.create(mine, labels={FILLING: wanted.digest})
    try:
        _fill(client, image, mine, wanted)
    except BaseException:
        with suppress(DockerException):
            client.volumes.get(mine).remove()
        raise
    client.volumes.create(marker, labels={FILLED: mine})
    winner = _filled(client, wanted.digest)
    if not winner:
        raise SandboxUnavailable("the data was removed from the engine while it was brought there")
    if winner != mine:
        client.volumes.get(mine).remove()
    return winner


def _filled(client: docker.DockerClient, digest: str) -> str:
    """The filled volume's name; a marker whose volume is gone is removed, for it would be mounted empty."""
    seen = _seen.setdefault(client, {})
    if (name := seen.get(digest, "")) and _labels(client, name) is not None:
        return name
    marker = PREFIX + digest
    name = (_labels(client, marker) or {}).get(FILLED, "")
    if name and _labels(client, name) is None:
        with suppress(NotFound):
            client.api.remove_volume(marker)
        return ""
    seen[digest] = name
    return name


def _labels(client: docker.DockerClient, name: str) -> dict[str, str] | None:
    """Those of a volume; None where there is no such volume."""
    try:
        return client.api.inspect_volume(name)["Labels"] or {}
    except NotFound:
        return None


def _fill(client: docker.DockerClient, image: str, name: str, wanted: Volume) -> None:
    """Copy a tar into the volume through a container that never runs."""
    mounted = {name: {"bind": "/data", "mode": "rw"}}
    holder = client.containers.create(
        image, ["true"], network_disabled=True, volumes=mounted, labels={FILLING: wanted.digest}
    )
    try:
        # A list would be taken for the fields of a form.
        if not holder.put_archive("/data", iter(wanted.read())):
            raise SandboxUnavailable("the engine did not take the data")
    finally:
        holder.remove(force=True)


def lend(client: docker.DockerClient, image: str, lease: str, files: Mapping[str, Path]) -> str:
    """Bring files that are too large for a stream, for one container. Returns the volume's name."""
    name = f"leitai-lent-{secrets.token_hex(12)}"
    client.volumes.create(name, labels={LENT: lease})
    try:
        _fill(client, image, name, Volume(name, "", lambda: _tar(files)))
    except BaseException:
        give_back(client, name)
        raise
    return name


def give_back(client: docker.DockerClient, name: str) -> None:
    """Remove a lent volume once its container is gone."""
    with suppress(NotFound):
        client.volumes.get(name).remove(force=True)


def _tar(files: Mapping[str, Path]) -> Iterator[bytes]:
    for name, path in files.items():
        with path.open("rb") as file:
            yield from tar_stream.member(name, path.stat().st_size, tar_stream.chunks(file))
    yield tar_stream.END


def overdue(client: docker.DockerClient, leases: Container[str]) -> int:
    """Remove what was lent under leases that are not among these. Returns how many."""
    removed = 0
    for volume in client.volumes.list(filters={"label": LENT}):
        if volume.attrs["Labels"][LENT] not in leases:
            with suppress(NotFound, APIError):  # its container may be on its way out; the next sweep finds it
                volume.remove()
                removed += 1
    return removed


def strays(client: docker.DockerClient) -> int:
    """Remove what was left half-filled long ago, and the containers that filled it. Returns how many."""
    _remove_holders(client)
    rows: list[Any] = client.volumes.list(filters={"label": FILLING})
    done = {volume.attrs["Labels"][FILLED] for volume in client.volumes.list(filters={"label": FILLED})}
    removed = 0
    for volume in rows:
        if volume.name not in done and _is_old(datetime.fromisoformat(volume.attrs["CreatedAt"])):
            with suppress(NotFound):
                volume.remove()
                removed += 1
    return removed


def _remove_holders(client: docker.DockerClient) -> None:
    for row in client.api.containers(all=True, filters={"label": FILLING}):
        if _is_old(datetime.fromtimestamp(row["Created"], UTC)):
            with suppress(NotFound):
                client.api.remove_container(row["Id"], force=True)


def _is_old(made: datetime) -> bool:
    return datetime.now(UTC) - made > STRAY_AFTER
