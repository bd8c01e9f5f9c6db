"""The warm pool: containers that wait, imports done, until a job of their shape claims one.

The engine alone knows what there is, so that any number of workers share one pool, and whoever dies leaves
nothing that the others do not see. A claim is a volume named after its container: making a volume is atomic,
and its first labels stay. Whoever fills the pool holds a claim too, until the container is ready.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import docker
from docker.errors import APIError, NotFound

from sandbox import containers, creating
from sandbox.containers import LEASE, Engine
from sandbox.job import Shape

POOL, SHAPE = "leitai.pool", "leitai.shape"
CLAIM, CONTAINER = "leitai.claim", "leitai.container"
CLAIM_PREFIX = "leitai-claim-"
CONFLICT = 409
# Nobody takes so long to fill; an older claim without a lease belongs to one who died at it.
FILLING_FOR = timedelta(seconds=180)


@dataclass(frozen=True)
class Claim:
    """Whose a container is: a lease's, or nobody's yet while it is being filled."""

    container: str
    lease: str
    made_at: datetime

    @property
    def abandoned(self) -> bool:
        """Whether its filler must have died."""
        return not self.lease and datetime.now(UTC) - self.made_at > FILLING_FOR


@dataclass(frozen=True)
class Warm:
    """A container of the pool."""

    id: str
    name: str
    shape: str
    state: str
    made_at: datetime
    claim: Claim | None

    @property
    def running(self) -> bool:
        """Whether it can be claimed."""
        return self.state == "running"

    @property
    def starting(self) -> bool:
        """Whether its filler may be about to claim and to start it."""
        return self.state == "created" and datetime.now(UTC) - self.made_at < FILLING_FOR


class Pool:
    """The warm containers of one owner (an installation) on one engine."""

    def __init__(self, client: docker.DockerClient, engine: Engine, owner: str) -> None:
        self._api: Any = client.api
        self._client, self.engine, self.owner = client, engine, owner

    def claim(self, shape: Shape, lease: str) -> str:
        """Take a warm container of this shape. Returns its id; empty when there is none."""
        ours = {POOL: self.owner, SHAPE: containers.digest(shape, self.engine)}
        found = (row["Id"] for row in self._rows(ours, status="running"))
        return next((container for container in found if self._take(container, lease)), "")

    def _take(self, container: str, lease: str) -> bool:
        mine = secrets.token_hex(8)
        labels = {CLAIM: mine, CONTAINER: container, LEASE: lease, POOL: self.owner}
        made = self._api.create_volume(_claim_name(container), labels=labels)
        return bool(made["Labels"].get(CLAIM) == mine)

    def release(self, container: str) -> None:
        """Let others claim it."""
        with suppress(NotFound):
            self._api.remove_volume(_claim_name(container))

    def seize(self, container: str) -> bool:
        """Claim it so that nobody else does, as one that is to be removed."""
        return self._take(container, "")

    def create(self, shape: Shape, volumes: Mapping[str, str], slot: str, lease: str = "") -> str:
        """Make a warm container, ours or a lease's until it is released, and do not start it yet.

        Returns its id; empty when somebody else fills this slot: names are given once.
        """
        digest = containers.digest(shape, self.engine)
        labels = {POOL: self.owner, SHAPE: digest}
        given = containers.settings(shape, volumes, self.engine, labels, warm=True)
        try:
            made = creating.create(self._client, name=self.name(digest, slot), **given)
        except APIError as error:
            if error.status_code == CONFLICT:
                return ""
            raise
        self._take(made, lease)
        return made

    def name(self, digest: str, slot: str) -> str:
        """What the container in a slot is called."""
        return f"leitai-warm-{self.owner}-{digest[:12]}-{slot}"

    def present(self) -> list[Warm]:
        """All containers of the owner, oldest first."""
        claims = {claim.container: claim for claim in self.claims({POOL: self.owner})}
        rows = reversed(self._rows({POOL: self.owner}))
        return [_warm(row, claims.get(row["Id"])) for row in rows]

    def claims(self, labels: Mapping[str, str] | None = None) -> list[Claim]:
        """All claims with these labels, of whatever owner."""
        wanted = [CLAIM, *(f"{name}={value}" for name, value in (labels or {}).items())]
        rows = self._api.volumes(filters={"label": wanted})["Volumes"] or []
        return [_claim(row) for row in rows]

    def _rows(self, labels: Mapping[str, str], **filters: str) -> list[dict[str, Any]]:
        wanted = {"label": [f"{name}={value}" for name, value in labels.items()], **filters}
        found: list[dict[str, Any]] = self._api.containers(all=True, filters=wanted)
        return found

    def remove(self, container: str) -> None:
        """Destroy a container, and then the claim on it."""
        remove_container(self._api, container)
        self.release(container)


def remove_container(api: Any, container: str) -> bool:
    """Destroy a container. Returns whether it was we who did."""
    try:
        api.remove_container(container, force=True, v=True)
    except NotFound:
        return False
    except APIError as error:
        if error.status_code != CONFLICT:
            raise
        return False  # somebody else is at it
    return True


def _claim_name(container: str) -> str:
    return CLAIM_PREFIX + container[:32]


def _claim(row: dict[str, Any]) -> Claim:
    labels = row["Labels"]
    made_at = datetime.fromisoformat(row["CreatedAt"])
    return Claim(labels[CONTAINER], labels[LEASE], made_at)


def _warm(row: dict[str, Any], claim: Claim | None) -> Warm:
    name = row["Names"][0].removeprefix("/") if row["Names"] else ""
    made_at = datetime.fromtimestamp(row["Created"], UTC)
    return Warm(row["Id"], name, row["Labels"][SHAPE], row["State"], made_at, claim)
