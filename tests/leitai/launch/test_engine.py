"""The engine: found, or started by us and ended with us, or missing with one sentence on what to do."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from leitai.launch import engine
from leitai.launch.ground import is_debian_root
from leitai.settings import SandboxSettings, Settings


def nothing(_: str) -> None:
    pass


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # A socket's path has to be short.
    folder = Path(tmp_path_factory.mktemp("engine"))
    yield folder
    # An engine that was killed leaves its data mounted upon itself.
    subprocess.run(["umount", "--lazy", folder / "data"], stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def options(place: Path) -> list[str]:
    own = [f"--data-root={place}/data", f"--exec-root={place}/exec", f"--pidfile={place}/pid"]
    return [*engine.NO_NETWORK, *own]


@pytest.mark.engine
def test_an_engine_that_answers_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "apt_install", lambda *_: pytest.fail("nothing may be installed"))
    monkeypatch.setattr(engine, "start", lambda *_, **__: pytest.fail("nothing may be started"))
    assert engine.ensure(Settings(), nothing) is None
    assert engine.trouble(engine.address(Settings())) == ""


def test_an_address_that_does_not_answer_is_told_and_nothing_is_installed(tmp_path: Path) -> None:
    settings = Settings(sandbox=SandboxSettings(docker_host=f"unix://{tmp_path}/none.sock"))
    with pytest.raises(
        engine.EngineError, match=r"No Docker engine answers at unix://.*none\.sock: check the address"
    ):
        engine.ensure(settings, nothing)


def test_an_ordinary_account_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(engine, "trouble", lambda _: "Connection refused")
    monkeypatch.setattr(engine, "is_debian_root", lambda: False)
    monkeypatch.setattr(engine, "apt_install", lambda *_: pytest.fail("nothing may be installed"))
    with pytest.raises(engine.EngineError, match="install and start Docker"):
        engine.ensure(Settings(), nothing)


def test_an_account_that_may_not_use_the_engine_is_told_the_group() -> None:
    text = engine.remedy(engine.LOCAL, "PermissionError(13, 'Permission denied')")
    assert "usermod -aG docker" in text


def test_root_on_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    done: list[object] = []
    monkeypatch.setattr(engine, "trouble", lambda _: "Connection refused")
    monkeypatch.setattr(engine, "is_debian_root", lambda: True)
    monkeypatch.setattr(engine.shutil, "which", lambda _: None)
    monkeypatch.setattr(engine, "apt_install", lambda packages, _: done.append(packages))
    monkeypatch.setattr(engine, "_system_starts_it", lambda: False)
    monkeypatch.setattr(engine, "start", lambda host, *_, outlive: done.append((host, outlive)))
    engine.ensure(Settings(), nothing)
    assert done == [["docker.io", "debootstrap"], (engine.LOCAL, False)]


@pytest.mark.engine
@pytest.mark.skipif(not is_debian_root(), reason="only root may run an engine of its own")
def test_an_engine_of_ours_runs_and_ends_with_us(place: Path) -> None:
    host = f"unix://{place}/docker.sock"
    own = engine.start(host, options(place), place / "log", outlive=False)
    assert own is not None
    client = docker.DockerClient(base_url=host)
    assert client.info()["ContainersRunning"] == 0
    assert [network.name for network in client.networks.list(filters={"driver": "bridge"})] == []
    client.close()
    own.stop()
    assert engine.trouble(host)
    assert not (place / "pid").exists()


@pytest.mark.engine
@pytest.mark.skipif(not is_debian_root(), reason="only root may run an engine of its own")
def test_an_engine_that_cannot_start_is_told_with_the_end_of_its_log(place: Path) -> None:
    wrong = ["--storage-driver=nonsense", *options(place)]
    with pytest.raises(engine.EngineError, match=r"dockerd did not come up(.|\n)*driver not supported"):
        engine.start(f"unix://{place}/docker.sock", wrong, place / "log", outlive=False)


@pytest.mark.engine
@pytest.mark.skipif(not is_debian_root(), reason="only root may run an engine of its own")
def test_kill_9_of_whoever_started_the_engine_ends_it(place: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from leitai.launch import engine;"
        "engine.start(sys.argv[1], sys.argv[3:], Path(sys.argv[2]), outlive=False); print('up', flush=True);"
        "time.sleep(600)"
    )
    host = f"unix://{place}/docker.sock"
    command = [sys.executable, "-c", code, host, str(place / "log"), *options(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"up\n"
        starter.kill()
    for _ in range(200):
        if engine.trouble(host) and not (place / "pid").exists():
            return
        time.sleep(0.1)
    pytest.fail("the engine is still there")
