"""The real portal on a free port of this machine, and visitors who keep their connection."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leitai.launch import processes
from leitai.launch.kin import die_with_parent
from leitai.settings import HOME, Settings, load_settings

HOST = "127.0.0.1"
# The portal may close a connection on which nothing was asked for so long.
KEPT_S = 5.0
PATIENCE_S = 15.0
# Whatever ends us, the programs that we started end too.
KEEPER = (sys.executable, "-m", "leitai.launch.keep", "--once", "--patience", str(PATIENCE_S))
# The engine is the machine's, whatever we measure.
ENGINE = "LEITAI_SANDBOX__"
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PortalError(Exception):
    """The portal does not answer as it should."""


class Visitor:
    """Somebody with one connection: nobody, a person signed in, or the owner of a token."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self._headers = dict(headers or {})
        self._used = time.monotonic()

    def get(self, path: str) -> bytes:
        """The body.

        Raises:
            PortalError: the answer is none of 200.
        """
        return self.ask("GET", path, 200)

    def ask(self, method: str, path: str, expected: int, body: bytes | None = None, kind: str = "") -> bytes:
        """The body of an answer with this status.

        Raises:
            PortalError: it has another one.
        """
        if time.monotonic() - self._used > KEPT_S:
            self._connection.close()
        headers = self._headers | ({"Content-Type": kind} if kind else {})
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        found = answer.read()
        self._used = time.monotonic()
        if answer.status != expected:
            raise PortalError(f"{method} {path}: {answer.status}, not {expected}. {found[:300]!r}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._headers["Cookie"] = value.partition(";")[0]
        return found

    def sign_in(self, email: str, password: str) -> "Visitor":
        """As a browser does."""
        form = FIELD.search(self.get("/sign-in").decode())
        assert form
        fields = {"csrf_token": form[1], "email": email, "password": password}
        boundary, kind = multipart(fields)
        self.ask("POST", "/sign-in", 302, boundary, kind)
        return self


def multipart(fields: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[bytes, str]:
    """A form's body and content type."""
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        name, content = file
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def free_port() -> int:
    """One that nobody has now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def surround(folder: str, url: str = "", workers: int = 0) -> Settings:
    """Settings of this run alone, for us and for the programs that we start."""
    ours = {"DATA_DIR": folder, "DATABASE_URL": url, "HOST": HOST, "PORT": str(free_port())}
    for name in [name for name in os.environ if name.startswith("LEITAI_") and not name.startswith(ENGINE)]:
        del os.environ[name]
    os.environ.update({f"LEITAI_{name}": value for name, value in {**ours, "WORKERS": str(workers)}.items()})
    load_settings.cache_clear()
    return load_settings()


def end_in_order() -> None:
    """Told to end, or left alone by whoever started us, clear up as at the end."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    die_with_parent()


@contextmanager
def portal(settings: Settings, log: Path) -> Iterator[None]:
    """Portal, broker and workers as `make run` starts them; all end with the block."""
    programs = {name: command for name, command in processes.commands(settings).items() if name != "sweeper"}
    with log.open("wb") as output:
        started = [
            subprocess.Popen(
                [*KEEPER, *command], cwd=HOME, env=processes.environment(settings),
                stdout=output, stderr=output, start_new_session=True,
            )
            for command in programs.values()
        ]  # fmt: skip
        try:
            _wait(settings.port)
            yield
        except Exception:
            print(log.read_text()[-3000:])
            raise
        finally:
            for process in reversed(started):
                _end(process)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            state = json.loads(Visitor(port).get("/healthz"))
        except (OSError, PortalError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            if state["parts"]["broker"]["ok"]:
                return
    raise PortalError("The portal did not come up within a minute.")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Its keeper ends the program and what that started."""
    process.terminate()
    try:
        process.wait(PATIENCE_S + 5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
