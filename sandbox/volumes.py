"""Data sets as Docker volumes named by content digest: filled once, never used half-filled, read-only.

A volume is filled under a name of its own; then an empty marker volume is made whose name is the digest and
whose label names the filled one. Making a volume is atomic and its first label stays, so that of two workers
which fill at once one wins, and whoever dies while filling leaves only a stray.
"""

import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import docker
from docker.errors import DockerException, NotFound

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
    try:
        _fill(client, image, mine, wanted)
    except BaseException:
        with suppress(DockerException):
            client.volumes.get(mine).remove()
        raise
    client.volumes.create(marker, labels={FILLED: mine})
    winner = _filled(client, marker)
    if not winner:
        raise SandboxUnavailable("the data was removed from the engine while it was brought there")
    if winner != mine:
        client.volumes.get(mine).remove()
    return winner


def _filled(client: docker.DockerClient, marker: str) -> str:
    """The filled volume's name; a marker whose volume is gone is removed, for it would be mounted empty."""
    try:
        mark = client.volumes.get(marker)
    except NotFound:
        return ""
    name: str = (mark.attrs["Labels"] or {}).get(FILLED, "")
    try:
        return str(client.volumes.get(name).name)
    except NotFound:
        with suppress(NotFound):
            mark.remove()
        return ""


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
