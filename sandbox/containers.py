"""What every container is: without network, without privileges, bounded, and named after its lease."""

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from docker.types import Mount, Ulimit

from sandbox import supervisor
from sandbox.job import WORK, Job, Limits, Shape

LEASE = "leitai.lease"
# Shorter than naming the folder, which would cost process 1 a look at zip files and their like.
START = f"import sys; sys.path.insert(0, {supervisor.HOME!r}); from sandbox.inside.main import main; main()"
COMMAND = ("python3", "-I", "-S", "-B", "-c", START)
# Where large files lie that come by volume; a program's archive has a name that no input has.
LENT = "/lent"
PROGRAM_NAME = ".program"
PROFILE = Path(__file__).resolve().parents[1] / "config" / "seccomp.json"
ENGINES_OWN = "engine"
# What our own process 1 needs beside the program.
SUPERVISOR_BYTES = 64 * 1024 * 1024
SUPERVISOR_PROCESSES = 8
# For each of a program's, and for itself.
GVISOR_THREADS = (4, 256)
SCRATCH_FILES = 200_000
CAPABILITIES = ["SETUID", "SETGID", "KILL"]
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


@dataclass(frozen=True)
class Engine:
    """What an operator decides for all containers: the runtime and the text of the seccomp profile."""

    runtime: str = ""
    seccomp: str = ""

    @property
    def security(self) -> list[str]:
        """As the engine takes it; AppArmor is the engine's own default."""
        return ["no-new-privileges:true", *([f"seccomp={self.seccomp}"] if self.seccomp else [])]


def settings(
    shape: Shape, volumes: Mapping[str, str], engine: Engine, labels: Mapping[str, str], *, warm: bool = False
) -> dict[str, Any]:
    """The arguments of ``containers.create``; ``volumes`` maps names to the paths where they are mounted.

    A warm container does the shape's preload; a cold one has no time for it, and serves one job.
    """
    limits = shape.limits
    memory = limits.memory_bytes + SUPERVISOR_BYTES
    return {
        "image": shape.image,
        "command": [*COMMAND, json.dumps(_options(shape, warm=warm))],
        "entrypoint": [],
        "labels": dict(labels),
        "hostname": "sandbox",
        "user": "0:0",
        "working_dir": "/",
        "environment": {},
        "stdin_open": True,
        # Attached to once, its stdin ends with whoever attached; otherwise the next one finds it open.
        "detach": warm and shape.lasting,
        "healthcheck": {"test": ["NONE"]},
        "network_disabled": True,
        "read_only": True,
        "tmpfs": scratch(limits, shape.writable),
        "mounts": [Mount(path, name, "volume", read_only=True) for name, path in volumes.items()],
        "cap_drop": ["ALL"],
        "cap_add": CAPABILITIES,
        "security_opt": engine.security,
        "mem_limit": memory,
        "memswap_limit": memory,
        "nano_cpus": int(limits.cpus * 1e9),
        "pids_limit": _threads(limits, engine),
        "ulimits": [Ulimit(name="core", soft=0, hard=0)],
        "shm_size": 64 * 1024 * 1024,
        "ipc_mode": "private",
        "log_config": {"Type": "none"},
        "runtime": engine.runtime or None,
    }


def _threads(limits: Limits, engine: Engine) -> int:
    """What the kernel may see: of gVisor its own threads, and a few for each of the program's."""
    if engine.runtime.startswith("runsc"):
        return limits.processes * GVISOR_THREADS[0] + GVISOR_THREADS[1]
    return limits.processes + SUPERVISOR_PROCESSES


def _options(shape: Shape, *, warm: bool) -> dict[str, Any]:
    """What the supervisor is told from the beginning."""
    return {
        "announce": warm,
        "lasting": warm and shape.lasting,
        "preload": list(shape.preload) if warm else [],
        "env": environment(shape.limits),
        **asdict(shape.limits),
    }


@lru_cache(256)
def digest(shape: Shape, engine: Engine) -> str:
    """The same for containers that may stand in for each other."""
    parts = {
        "image": shape.image,
        "volumes": [(volume.digest, volume.mount) for volume in shape.volumes],
        "writable": shape.writable,
        "options": _options(shape, warm=True),
        "supervisor": supervisor.volume().digest,
        "engine": asdict(engine),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def scratch(limits: Limits, more: Iterable[str] = ()) -> dict[str, str]:
    """Where a program may write; what lies there counts as its memory."""
    options = f"size={limits.work_bytes},nr_inodes={SCRATCH_FILES},mode=1777,exec,nosuid,nodev"
    return dict.fromkeys((WORK, "/tmp", *more), options)  # noqa: S108 the container's own


def job_head(job: Job, lent: Collection[str]) -> dict[str, Any]:
    """What the supervisor is told with a job; ``lent`` are the names of what comes by volume."""
    by_volume = PROGRAM_NAME in lent
    return {
        "size": job.program.stat().st_size if job.program and not by_volume else 0,
        "program": f"{LENT}/{PROGRAM_NAME}" if by_volume else "",
        "inputs": len(job.inputs),
        "command": list(job.command),
        "executable": job.executable,
    }


def input_head(name: str, path: Path, lent: Collection[str]) -> dict[str, Any]:
    """What the supervisor is told of one input."""
    if name in lent:
        return {"name": name, "size": 0, "lies": f"{LENT}/{name}"}
    return {"name": name, "size": path.stat().st_size, "lies": ""}


def environment(limits: Limits) -> dict[str, str]:
    """The program's variables: the same for everybody, and nothing of the worker's."""
    threads = str(max(1, math.ceil(limits.cpus)))
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": WORK,
        "TMPDIR": "/tmp",  # noqa: S108 the container's own
        "USER": "team",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        **dict.fromkeys(THREADS, threads),
    }


def seccomp_profile(name: str) -> str:
    """The text of a profile: ours when no file is named; empty, which is the engine's own, for `engine`.

    Raises:
        OSError, ValueError: it cannot be read, or is no JSON.
    """
    if name == ENGINES_OWN:
        return ""
    return json.dumps(json.loads((Path(name) if name else PROFILE).read_text()))
