"""Builds .venv from a hashed lock. Runs before anything is installed, so it knows only the standard library.

It also has to run on a Python too old for Leitai, in order to say so: nothing newer than 3.9 here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
VENV = HOME / ".venv"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


class GroundError(Exception):
    """The machine lacks something; the text says what to do."""


def say(text: str) -> None:
    """One line for the person who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def is_debian_root() -> bool:
    """Whether packages may be installed here without asking."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str], log: Path) -> None:
    """Install Debian packages, without what they merely recommend.

    Raises:
        GroundError: apt failed; its words are in the log.
    """
    say(f"Installing Debian packages: {' '.join(packages)} …")
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # A package's service may start during the install: it must not inherit our output, or a pipe never ends.
    with log.open("ab") as output:
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, check=False
            )
    if done.returncode:
        raise GroundError(
            "apt-get could not install {}. Its words are in {}.".format(" ".join(packages), log)
        )


def main(lock: str) -> int:
    """Build or renew .venv for the lock `portal` or `dev`."""
    if sys.version_info < OLDEST:
        return _with_newer_python()
    try:
        _prepare_venv()
        _install(HOME / "requirements" / (lock + ".txt"))
    except GroundError as error:
        say(f"\n{error}")
        return 1
    for name in {"dev": ("dev", "portal")}.get(lock, (lock,)):
        (VENV / (name + ".stamp")).touch()
    return 0


def _with_newer_python() -> int:
    found = next(filter(None, map(shutil.which, NEWER)), None)
    if found:
        os.execv(found, [found, "-I", *sys.argv])
    have = ".".join(map(str, sys.version_info[:3]))
    say(f"Leitai needs Python 3.11 or newer, and this is {have} ({sys.executable}).")
    say("Install a newer one (Debian 12 has it as python3) or name it: make PYTHON=/path/to/python3.11 …")
    return 1


def _prepare_venv() -> None:
    _require_ensurepip()
    python = VENV / "bin" / "python"
    asks = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    if python.exists() and subprocess.run(asks, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return
    say("Making .venv with Python {}.{}.{} …".format(*sys.version_info[:3]))
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def _require_ensurepip() -> None:
    asks = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(asks, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return
    if not is_debian_root():
        raise GroundError("Python's venv module is missing. As root: apt-get install python3-venv")
    apt_install(["python3-venv"], HOME / "var" / "log" / "apt.log")


def _install(lock: Path) -> None:
    pins = sum("==" in line and not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    say(f"Installing {pins} Python packages from requirements/{lock.name} …")
    # The lock names all. Asked for what packages want, pip looks for newer releases, and refuses them.
    _pip(["--require-hashes", "--no-deps", "-r", str(lock)], pins)
    _pip(["--no-deps", "--no-build-isolation", "-e", str(HOME)], 1)


def _pip(arguments: list[str], expected: int) -> None:
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    options = ["--no-input", "--progress-bar", "off", *arguments]
    words = []
    with subprocess.Popen(
        command + options,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        cwd=str(HOME),
    ) as pip:
        for line in pip.stdout or ():
            words.append(line)
            _show(sum(word.startswith("Collecting ") for word in words), expected)
    if pip.returncode:
        raise GroundError("pip failed:\n" + "".join(words[-15:]))


def _show(collected: int, expected: int) -> None:
    if sys.stdout.isatty() and expected > 1:
        sys.stdout.write("\r  {} of {}\033[K{}".format(collected, expected, "\r" * (collected >= expected)))
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
