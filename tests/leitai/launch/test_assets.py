"""Front-end files: from a lock that names no host, copied with the same compressed bytes each time."""

import gzip
import json
import os
import stat
from pathlib import Path

import pytest

from leitai.launch import assets, locks
from leitai.launch.ground import GroundError
from leitai.launch.stamps import once
from leitai.settings import HOME


def test_the_locks_name_no_address_and_every_package_has_a_hash() -> None:
    packages = json.loads((HOME / "package-lock.json").read_text())["packages"]
    assert all(package.get("integrity") for name, package in packages.items() if name)
    assert "://" not in (HOME / "package-lock.json").read_text()
    for lock in (HOME / "requirements").glob("*.txt"):
        assert "--hash=sha256:" in lock.read_text()
        assert "://" not in lock.read_text()


def test_renewed_locks_lose_their_addresses() -> None:
    package = {
        "version": "1.0",
        "integrity": "sha512-x",
        "resolved": "an address/x.tgz",
        "funding": {"url": "https://x"},
    }
    kept = json.loads(locks.without_addresses(json.dumps({"packages": {"node_modules/x": package}})))
    assert kept["packages"]["node_modules/x"] == {"version": "1.0", "integrity": "sha512-x"}


def test_a_copied_file_has_its_gzip_beside_it(tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_bytes(b"let x = 1;" * 100)
    (tmp_path / "vendor").mkdir()
    assets.vendor(source, tmp_path / "vendor")
    first = (tmp_path / "vendor" / "a.js.gz").read_bytes()
    assets.vendor(source, tmp_path / "vendor")
    assert gzip.decompress(first) == source.read_bytes() == (tmp_path / "vendor" / "a.js").read_bytes()
    assert (tmp_path / "vendor" / "a.js.gz").read_bytes() == first


def test_a_failing_npm_is_told_with_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no route to the registry >&2; exit 1\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "node").symlink_to(npm)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GroundError, match="no route to the registry"):
        assets.build(tmp_path / "var", lambda _: None)


def test_a_machine_without_npm_gets_one_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    asked: list[Path] = []
    monkeypatch.setattr(assets, "own_npm", lambda folder, _: asked.append(folder) or ["node", "npm"])
    assert assets.npm_command(tmp_path, lambda _: None) == ["node", "npm"]
    assert asked == [tmp_path / "node"]


def test_a_step_is_done_again_only_when_its_sources_or_results_changed(tmp_path: Path) -> None:
    source, result, done = tmp_path / "lock", tmp_path / "out", []
    source.write_text("1")

    def do() -> None:
        done.append(source.read_text())
        result.touch()

    ask = lambda: once(tmp_path / "stamps" / "x", [source], [result], do)  # noqa: E731
    assert [ask(), ask()] == [True, False]
    source.write_text("2")
    assert [ask(), ask()] == [True, False]
    result.unlink()
    assert [ask(), ask()] == [True, False]
    assert done == ["1", "2", "2"]


def test_a_step_that_failed_is_tried_again(tmp_path: Path) -> None:
    source = tmp_path / "lock"
    source.write_text("1")

    def fail() -> None:
        raise GroundError("no network")

    with pytest.raises(GroundError):
        once(tmp_path / "stamp", [source], [], fail)
    assert once(tmp_path / "stamp", [source], [], lambda: None)
