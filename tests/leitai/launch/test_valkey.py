"""The embedded Valkey: real server, closed to others, keeps what it was given, wherever the data lies."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from leitai.launch import valkey
from leitai.settings import Settings


@pytest.fixture
def start() -> Iterator[Callable[[Settings], tuple["subprocess.Popen[bytes]", "Redis"]]]:
    running: list[subprocess.Popen[bytes]] = []

    def start_one(settings: Settings) -> tuple["subprocess.Popen[bytes]", "Redis"]:
        keeper = [sys.executable, "-m", "leitai.launch.keep", "--once", *valkey.prepare(settings)]
        running.append(subprocess.Popen(keeper, stdout=subprocess.DEVNULL))
        client = Redis(unix_socket_path=str(valkey.socket_place(settings)))
        assert answers(client)
        return running[-1], client

    yield start_one
    for process in running:
        process.terminate()
        process.wait(15)


def answers(client: "Redis") -> bool:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            return bool(client.ping())
        except RedisError:
            time.sleep(0.02)
    return False


@pytest.mark.parametrize("folder", ["data", "a folder with spaces", 'quo"ted', "x" * 120])
def test_it_answers_wherever_the_data_lies(folder: str, tmp_path: Path, start) -> None:
    settings = Settings(data_dir=tmp_path / folder)
    _, client = start(settings)
    client.set("key", "value")
    assert client.get("key") == b"value"
    assert (settings.path("valkey") / "appendonlydir").is_dir()


def test_the_broker_address_of_the_settings_reaches_it(tmp_path: Path, start) -> None:
    settings = Settings(data_dir=tmp_path / "a folder")
    start(settings)
    assert Redis.from_url(settings.broker).ping()


def test_it_has_no_port_and_its_folder_is_closed_to_others(tmp_path: Path, start) -> None:
    settings = Settings(data_dir=tmp_path)
    _, client = start(settings)
    assert client.config_get("port") == {"port": "0"} or client.config_get("port") == {b"port": b"0"}
    assert stat.S_IMODE(settings.broker_socket.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.broker_socket.stat().st_mode) == 0o700


def test_what_it_was_given_is_there_after_kill_9(tmp_path: Path, start) -> None:
    settings = Settings(data_dir=tmp_path)
    keeper, client = start(settings)
    client.set("job", "waiting")
    time.sleep(1.2)  # appendfsync everysec
    os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)
    assert keeper.wait(15) == 128 + signal.SIGKILL
    assert start(settings)[1].get("job") == b"waiting"


def test_a_socket_folder_of_another_account_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(PermissionError, match="another account"):
        valkey.prepare(Settings(data_dir=tmp_path))


def test_a_server_named_in_the_settings_leaves_the_embedded_one_out(tmp_path: Path) -> None:
    assert valkey.is_embedded(Settings(data_dir=tmp_path))
    assert not valkey.is_embedded(Settings(data_dir=tmp_path, redis_url="redis://broker:6379/0"))
