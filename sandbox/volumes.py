"""Data sets as Docker volumes named by content digest: filled once, never used half-filled, read-only.

A volume is filled under a name of its own; then an empty marker volume is made whose name is the digest and
whose label names the filled one. Making a volume is atomic and its first label stays, so that of two workers
which fill at once one wins, and whoever dies while filling leaves only a stray.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import docker
from docker.errors import NotFound

from sandbox.job import SandboxUnavailable, Volume

PREFIX = "leitai-data-"
FILLED = "leitai.filled"
FILLING = "leitai.filling"
STRAY_AFTER = timedelta(hours=1)


def ensure(client: docker.DockerClient, image: str, wanted: Volume) -> str:
    """Have the data on the engine. Returns the volume's name.

    Raises:
        SandboxUnavailable: the data could not be read.
    """
    marker = PREFIX + wanted.digest
    found = _filled(client, marker)
    if found:
        return found
    mine = f"{marker}-{secrets.token_hex(4)}"
    client.volumes.create(mine, labels={FILLING: wanted.digest})
    _fill(client, image, mine, wanted.read())
    client.volumes.create(marker, labels={FILLED: mine})
    winner = _filled(client, marker)
    if winner != mine:
        client.volumes.get(mine).remove()
    return winner


def _filled(client: docker.DockerClient, marker: str) -> str:
    try:
        labels: dict[str, str] = client.volumes.get(marker).attrs["Labels"] or {}
    except NotFound:
        return ""
    return labels.get(FILLED, "")


def _fill(client: docker.DockerClient, image: str, name: str, data: Iterable[bytes]) -> None:
    """Copy a tar into the volume through a container that never runs."""
    mounted = {name: {"bind": "/data", "mode": "rw"}}
    holder = client.containers.create(image, ["true"], network_disabled=True, volumes=mounted)
    try:
        if not holder.put_archive("/data", data):
            raise SandboxUnavailable("the engine did not take the data")
    finally:
        holder.remove(force=True)


def strays(client: docker.DockerClient) -> int:
    """Remove what was left half-filled long ago. Returns how many."""
    rows: list[Any] = client.volumes.list(filters={"label": FILLING})
    done = {volume.attrs["Labels"][FILLED] for volume in client.volumes.list(filters={"label": FILLED})}
    removed = 0
    for volume in rows:
        made = datetime.fromisoformat(volume.attrs["CreatedAt"].replace("Z", "+00:00"))
        if volume.name not in done and datetime.now(UTC) - made > STRAY_AFTER:
            volume.remove()
            removed += 1
    return removed
