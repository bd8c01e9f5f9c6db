"""The artefact store, in a folder and in a bucket of a real S3 server."""

import io
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from leitai.storage import ArtefactMissing, ArtefactStore, ArtefactTooLarge, artefacts

WEED = str(Path(sys.executable).parent / "weed")
KEY, SECRET = "leitai", "a secret of this test"


def free_port() -> int:
    """A port whose neighbour ten thousand above is free too: the server speaks gRPC there."""
    while True:
        port = random.randint(20_000, 30_000)
        if not answers(port) and not answers(port + 10_000):
            return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server with one bucket; gives the variables by which clients find it."""
    folder = tmp_path_factory.mktemp("s3")
    identity = {
        "name": "leitai",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    master, volume, filer, port = (free_port() for _ in range(4))
    ports = [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={port}"]
    options = [f"-dir={folder}", "-ip=127.0.0.1", "-filer", "-s3", f"-s3.config={folder}/identities.json"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [WEED, f"-logdir={folder}", "server", *options, *ports], stdout=log, stderr=log, cwd=folder
        )
    try:
        make_bucket(f"127.0.0.1:{master}", port, folder / "log")
        yield {
            "LEITAI_ARTEFACTS_URL": "s3://leitai/artefacts",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }
    finally:
        # Asked politely it takes half a minute; killed, it leaves its sockets behind.
        server.kill()
        server.wait()
        for number in (master, volume, filer, port):
            for place in Path("/tmp").glob(f"seaweedfs-*{number}.sock"):
                place.unlink()
            for place in Path("/tmp").glob(f"seaweedfs-*-grpc-{number + 10_000}.sock"):
                place.unlink()


def make_bucket(master: str, port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if answers(port) and b"bucket leitai" in asked_to_make_one(master, log.parent):
            return
        time.sleep(0.2)
    pytest.fail(log.read_text()[-3000:])


def asked_to_make_one(master: str, log: Path) -> bytes:
    """What the server's shell says; one that is asked too early may wait for good."""
    command, words = (
        [WEED, f"-logdir={log}", "shell", f"-master={master}"],
        b"s3.bucket.create -name leitai\n",
    )
    try:
        done = subprocess.run(command, input=words, capture_output=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout + done.stderr


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ArtefactStore:
    """Whichever the settings name."""
    request.getfixturevalue("settings_of_test")
    if request.param == "bucket":
        for name, value in request.getfixturevalue("s3").items():
            monkeypatch.setenv(name, value)
        from leitai.settings import load_settings

        load_settings.cache_clear()
    return artefacts()


def test_bytes_are_kept_under_their_digest_and_come_back(store: ArtefactStore) -> None:
    content = bytes(range(256)) * 12_000
    kept = store.put(io.BytesIO(content), limit=len(content))
    assert kept.digest == sha256(content).hexdigest()
    assert kept.size == len(content)
    assert store.has(kept.digest)
    assert b"".join(store.chunks(kept.digest)) == content
    assert store.put(io.BytesIO(content), limit=len(content)) == kept


def test_one_byte_too_many_keeps_nothing(store: ArtefactStore) -> None:
    content = b"too many of them"
    with pytest.raises(ArtefactTooLarge) as refused:
        store.put(io.BytesIO(content), limit=len(content) - 1)
    assert refused.value.limit == len(content) - 1
    assert not store.has(sha256(content).hexdigest())


def test_what_is_not_there_is_told(store: ArtefactStore) -> None:
    unknown = sha256(b"never stored").hexdigest()
    assert not store.has(unknown)
    with pytest.raises(ArtefactMissing, match=unknown):
        store.chunks(unknown)


def test_a_local_copy_holds_the_bytes_and_is_gone_afterwards(store: ArtefactStore) -> None:
    kept = store.put(io.BytesIO(b"for a moment"), limit=100)
    with store.local(kept.digest) as path:
        assert path.read_bytes() == b"for a moment"
    assert not path.exists()


def test_the_store_says_that_it_answers(store: ArtefactStore) -> None:
    assert store.reachable()


def test_a_bucket_that_does_not_answer_is_told(
    settings_of_test: object, s3: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from leitai.settings import load_settings

    wrong = s3 | {"AWS_SECRET_ACCESS_KEY": "not the secret"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    load_settings.cache_clear()
    assert not artefacts().reachable()
