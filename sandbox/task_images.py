"""Images that sponsors give for their tasks: built or loaded once on an engine, and named after their bytes.

A sponsor's image gets no name before it was looked at, and never one of ours.
"""

import contextlib
import fcntl
import io
import re
import secrets
import tarfile
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Literal

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound
from urllib3.exceptions import HTTPError, ReadTimeoutError

from sandbox import base_image, dockerfiles, image_archives, image_probe, images, reaching
from sandbox.errors import ImageError
from sandbox.image_archives import TASK_LABEL
from sandbox.job import SandboxUnavailable

REPOSITORY = "leitai-task"
DIGEST_LENGTH = 32
ENGINE_S = 600
BUILD_S = 1800.0
LOCK = "task-images.lock"
# After a failure: so long, twice as long after each further one, and so many times what the attempt took.
RETRY_S, MOST_RETRY_S = 60.0, 900.0
RETRY_SHARE = 10
# A build is not a run: it has what compilers need, and gives way to whatever is being scored.
BUILD_LIMITS = {"memory": 4_000_000_000, "memswap": 4_000_000_000, "cpushares": 256}
LAST_LINES = 15
LISTENED = 500
TROUBLE = (DockerException, requests.RequestException, HTTPError)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LOADED = "Loaded image ID: "
Tell = Callable[[str], None]
Kind = Literal["dockerfile", "archive"]


@dataclass(frozen=True)
class TaskImage:
    """A build context as a tar with a Dockerfile at its top, or what `docker save` wrote, by its digest."""

    digest: str
    kind: Kind
    read: Callable[[], Iterable[bytes]]

    @property
    def tag(self) -> str:
        """Its name on every engine."""
        return f"{REPOSITORY}:{self.digest[:DIGEST_LENGTH]}"


@dataclass(frozen=True)
class Policy:
    """What operators decide: bases beside ours, and how large an image may be."""

    allowed_bases: tuple[str, ...] = ()
    most_bytes: int = 8_000_000_000


class TaskImageRefused(ImageError):
    """Submissions cannot run in this image; whoever asks again within ``wait_s`` is told the same."""

    def __init__(self, text: str, wait_s: float) -> None:
        super().__init__(text)
        self.wait_s = wait_s


@dataclass(frozen=True)
class _Refusal:
    text: str
    until: float
    wait_s: float


class TaskImages:
    """The images of tasks on one engine; whoever shares ``scratch``, a folder, makes one at a time."""

    def __init__(self, host: str, policy: Policy, scratch: Path) -> None:
        self._host, self._policy, self._scratch = host, policy, scratch
        self._refused: dict[str, _Refusal] = {}

    @cached_property
    def _client(self) -> docker.DockerClient:
        return reaching.client(self._host, ENGINE_S)

    def ensure(self, image: TaskImage, tell: Tell = lambda _: None) -> str:
        """Have the image on the engine. Returns its tag. Two that do it at once do no harm.

        Raises:
            TaskImageRefused: it is not one that submissions can run in; the text is for its sponsor.
            SandboxUnavailable: the engine failed.
        """
        try:
            if _present(self._client, image.tag):
                return image.tag
            with self._alone():
                return self._made(image, tell)
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine failed at the image of a task: {error}") from error

    def _made(self, image: TaskImage, tell: Tell) -> str:
        began = time.monotonic()
        known = self._refused.get(image.digest)
        if known and began < known.until:
            raise TaskImageRefused(known.text, known.until - began)
        try:
            return ensure(self._client, image, self._policy, self._scratch, tell)
        except ImageError as error:
            ended = time.monotonic()
            wait_s = min(2 * known.wait_s, MOST_RETRY_S) if known else RETRY_S
            # What is slow to fail is not tried so often: a worker has other things to do.
            wait_s = max(wait_s, RETRY_SHARE * (ended - began))
            self._refused[image.digest] = _Refusal(str(error), ended + wait_s, wait_s)
            raise TaskImageRefused(str(error), wait_s) from None

    def clear(self, in_use: Collection[str]) -> list[str]:
        """Remove the images of all tasks but those with these digests. Returns the tags that are gone.

        Raises:
            SandboxUnavailable: the engine does not answer.
        """
        kept = {f"{REPOSITORY}:{digest[:DIGEST_LENGTH]}" for digest in in_use}
        try:
            with self._alone():
                found = [tag for image in self._client.images.list(REPOSITORY) for tag in image.tags]
                gone = [tag for tag in found if tag not in kept and _remove(self._client, tag)]
                # Stages and steps of builds; those that go on elsewhere are younger.
                old = {"dangling": True, "label": TASK_LABEL, "until": f"{2 * int(BUILD_S)}s"}
                self._client.images.prune(filters=old)
        except TROUBLE as error:
            raise SandboxUnavailable(f"The engine does not answer: {error}") from error
        return gone

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._scratch.mkdir(parents=True, exist_ok=True)
        with (self._scratch / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def ensure(client: docker.DockerClient, image: TaskImage, policy: Policy, scratch: Path, tell: Tell) -> str:
    """See ``TaskImages.ensure``; the engine's own errors come through."""
    if not _present(client, image.tag):
        # Without a name, so that nothing is left of it if we are killed.
        with tempfile.TemporaryFile(dir=scratch) as spool:
            for chunk in image.read():
                spool.write(chunk)
            spool.flush()
            made = _Making(client, image, policy, scratch, tell)
            made.bring(Path(f"/proc/self/fd/{spool.fileno()}"))
    return image.tag


def _present(client: docker.DockerClient, name: str) -> bool:
    try:
        client.images.get(name)
    except ImageNotFound:
        return False
    return True


def _remove(client: docker.DockerClient, tag: str) -> bool:
    """Take a name away, and the image with its last one. Returns whether it is gone."""
    try:
        client.images.remove(tag)
    except ImageNotFound:
        return True
    except APIError as error:
        if error.status_code != 409:
            raise
        return False  # a container runs in it; another time
    return True


class _Making:
    def __init__(
        self, client: docker.DockerClient, image: TaskImage, policy: Policy, scratch: Path, tell: Tell
    ) -> None:
        self.client, self.image, self.policy, self.scratch, self.tell = client, image, policy, scratch, tell
        self._api: Any = client.api

    def bring(self, path: Path) -> None:
        made = self._built(path) if self.image.kind == "dockerfile" else self._loaded(path)
        with self._named(made) as name:
            self._look(name)
            image_probe.probe(self.client, name)
            # Whoever was first keeps the tag: what was said of it in receipts stays true.
            if not _present(self.client, self.image.tag):
                self._api.tag(made, *self.image.tag.split(":"))

    @contextlib.contextmanager
    def _named(self, made: str) -> Iterator[str]:
        """A name for the time of looking at it: by its id, an image could be removed under another's name."""
        tag = f"new-{secrets.token_hex(8)}"
        self._api.tag(made, REPOSITORY, tag)
        try:
            yield f"{REPOSITORY}:{tag}"
        finally:
            _remove(self.client, f"{REPOSITORY}:{tag}")

    def _built(self, path: Path) -> str:
        self.tell("building the task's image without a network")
        with tempfile.TemporaryFile(dir=self.scratch) as context:
            self._write_context(path, context)
            context.seek(0)
            stream = self._api.build(
                fileobj=context, custom_context=True, network_mode="none", rm=True, forcerm=True, pull=False,
                container_limits=BUILD_LIMITS, use_config_proxy=False, timeout=int(BUILD_S), decode=True,
            )  # fmt: skip
            lines = self._followed(stream, "The task's image could not be built")
        ids = [row["aux"]["ID"] for row in lines if "ID" in row.get("aux", {})]
        if not ids:
            raise ImageError(f"The task's image could not be built.\n{_end(lines)}")
        return str(ids[-1])

    def _write_context(self, path: Path, target: IO[bytes]) -> None:
        with tarfile.open(path, "r:") as given, tarfile.open(fileobj=target, mode="w") as context:
            for member in given:
                content: IO[bytes] | None = given.extractfile(member)
                if content is not None and member.name == dockerfiles.NAME:
                    text = self._dockerfile(content.read(dockerfiles.MOST_BYTES + 1))
                    member.size, content = len(text), io.BytesIO(text)
                context.addfile(member, content)

    def _dockerfile(self, content: bytes) -> bytes:
        if faults := dockerfiles.faults(content, self.policy.allowed_bases):
            raise ImageError("\n".join(map(str, faults)))
        for name in dockerfiles.bases(content):
            if not _present(self.client, our_tag(name)):
                raise ImageError(f"The engine lacks the base {name}, and builds fetch nothing. {_get(name)}")
        return dockerfiles.rewritten(content, our_tag, {TASK_LABEL: self.image.digest})

    def _loaded(self, path: Path) -> str:
        self.tell("loading the task's image")
        saved = image_archives.read(path, self.policy.most_bytes)
        stream = self._api.load_image(image_archives.untagged(path, saved))
        lines = self._followed(stream, "The engine did not take the image archive")
        ids = [row["stream"].strip() for row in lines if row.get("stream", "").startswith(LOADED)]
        if not ids:
            raise ImageError(f"The engine did not take the image archive.\n{_end(lines)}")
        return str(ids[-1].removeprefix(LOADED))

    def _followed(self, stream: Iterable[dict[str, Any]], trouble: str) -> Collection[dict[str, Any]]:
        """Listen to the end. Returns the last lines, for a build may say much."""
        until = time.monotonic() + BUILD_S
        lines: deque[dict[str, Any]] = deque(maxlen=LISTENED)
        try:
            for row in stream:
                lines.append(row)
                if text := COLOURS.sub("", row.get("stream", "")).strip():
                    self.tell(text.splitlines()[0])
                if "error" in row:
                    raise ImageError(f"{trouble}: {row['error']}\n{_end(lines)}")
                if time.monotonic() > until:
                    break
            else:
                return lines
        except ReadTimeoutError:
            pass
        raise ImageError(f"{trouble}: it took more than {BUILD_S / 60:g} minutes.\n{_end(lines)}")

    def _look(self, name: str) -> None:
        attributes = self.client.images.get(name).attrs
        if fault := image_archives.settings_fault(attributes["Config"] or {}):
            raise ImageError(fault)
        if attributes["Size"] > self.policy.most_bytes:
            sizes = f"{attributes['Size']:,} bytes, and {self.policy.most_bytes:,} are allowed"
            raise ImageError(f"The task's image has {sizes}. Make it smaller.")


def our_tag(name: str) -> str:
    """A base's tag on the engine."""
    ours = {"leitai-runtime": images.image_tag("runtime"), "leitai-base": base_image.TAG}
    return ours.get(name, name)


def _get(name: str) -> str:
    if name in dockerfiles.OURS:
        return "Build it: leitai images build"
    return f"An operator brings it to every engine: docker pull {name}"


def _end(lines: Iterable[dict[str, Any]]) -> str:
    text = COLOURS.sub("", "".join(row.get("stream", "") for row in lines))
    return "\n".join(text.strip().splitlines()[-LAST_LINES:])
