"""Where the token is kept, and where it does not go."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from leitai.client import credentials
from leitai.client.credentials import Credentials
from leitai.client.errors import Refused
from leitai.client.settings import ClientSettings


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("LEITAI_URL", raising=False)
    monkeypatch.delenv("LEITAI_TOKEN", raising=False)
    return tmp_path / "leitai/credentials.json"


def keep(place: Path, url: str = "https://one.example", token: str = "kept") -> None:
    credentials.keep(place, Credentials(url, SecretStr(token)))


def current() -> tuple[str, str]:
    found = credentials.current()
    return found.url, found.token.get_secret_value()


def test_the_file_is_for_this_account_alone_and_replaces_an_earlier_one(place: Path) -> None:
    keep(place, token="first")
    place.chmod(0o644)
    keep(place, token="second")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert list(place.parent.iterdir()) == [place]
    assert current() == ("https://one.example", "second")


def test_a_token_does_not_show_when_credentials_are_printed() -> None:
    assert "secret" not in repr(Credentials("https://one.example", SecretStr("secret")))


def test_forgetting_says_whether_there_was_something(place: Path) -> None:
    keep(place)
    assert credentials.forget(place)
    assert not credentials.forget(place)
    with pytest.raises(Refused, match="leitai login URL"):
        current()


def test_the_environment_stands_above_what_was_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(place)
    monkeypatch.setenv("LEITAI_TOKEN", "given")
    assert current() == ("https://one.example", "given")
    monkeypatch.setenv("LEITAI_URL", "https://two.example/")
    assert current() == ("https://two.example", "given")


def test_a_kept_token_is_not_sent_to_another_portal(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(place)
    monkeypatch.setenv("LEITAI_URL", "https://two.example")
    with pytest.raises(Refused, match=r"leitai login https://two\.example"):
        current()
    monkeypatch.setenv("LEITAI_URL", "https://one.example")
    assert current() == ("https://one.example", "kept")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"url": 1}', '{"url": "https://one.example"}', "\xff\xfe"]
)
def test_a_damaged_file_is_told_and_not_a_stack_trace(place: Path, content: str) -> None:
    place.parent.mkdir()
    place.write_bytes(content.encode("latin-1"))
    with pytest.raises(Refused, match="Sign in again"):
        current()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "leitai.example",
        "ftp://leitai.example",
        "https://",
        "https://a:b@c.example",
        "https://c.example?x=1",
    ],
)
def test_what_is_no_address_of_a_portal_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        credentials.address(url)


def test_an_address_is_kept_without_the_slash_at_its_end() -> None:
    assert credentials.address(" https://leitai.example/cup/ ") == "https://leitai.example/cup"


def test_only_http_over_a_network_is_open_to_all() -> None:
    assert credentials.is_open_to_all("http://leitai.example")
    assert not credentials.is_open_to_all("http://127.0.0.1:8000")
    assert not credentials.is_open_to_all("https://leitai.example")


def test_the_folder_follows_the_convention(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert ClientSettings().credentials == tmp_path / ".config/leitai/credentials.json"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert ClientSettings().credentials == tmp_path / ".config/leitai/credentials.json"
