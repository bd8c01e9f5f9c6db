"""The way to the engine: certificates of the environment hold for TCP, and for nothing else."""

from pathlib import Path

import pytest
from docker.errors import TLSParameterError

from sandbox import reaching


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    return tmp_path


def test_only_tcp_with_certificates_is_verified(certificates: Path) -> None:
    assert reaching.is_verified("tcp://10.0.0.5:2376")
    assert not reaching.is_verified("unix:///var/run/docker.sock")


def test_without_certificates_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_CERT_PATH", raising=False)
    monkeypatch.delenv("DOCKER_TLS_VERIFY", raising=False)
    assert not reaching.is_verified("tcp://10.0.0.5:2375")


def test_an_engine_that_need_not_prove_itself_is_not_verified(
    certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "")
    assert not reaching.is_verified("tcp://10.0.0.5:2376")


def test_a_certificate_that_is_missing_is_said(certificates: Path) -> None:
    (certificates / "key.pem").unlink()
    with pytest.raises(TLSParameterError):
        reaching.client("tcp://10.0.0.5:2376", 1)


@pytest.mark.engine
def test_a_socket_is_reached_whatever_certificates_there_are(host: str, certificates: Path) -> None:
    client = reaching.client(host, 10)
    assert client.ping()
    client.close()
