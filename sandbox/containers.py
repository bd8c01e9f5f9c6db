"""What every container is: without network, without privileges, bounded, and named after its lease."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docker.types import Mount, Ulimit

from sandbox.job import WORK, Job, Limits
from sandbox.supervisor import COMMAND

LEASE = "leitai.lease"
PROFILE = Path(__file__).resolve().parents[1] / "config" / "seccomp.json"
ENGINES_OWN = "engine"
# What our own process 1 needs beside the program.
SUPERVISOR_BYTES = 64 * 1024 * 1024
SUPERVISOR_PROCESSES = 8
SCRATCH_FILES = 200_000
CAPABILITIES = ["SETUID", "SETGID", "KILL"]
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


def settings(job: Job, volumes: Mapping[str, str], runtime: str, seccomp: str) -> dict[str, Any]:
    """The arguments of ``containers.create``; ``volumes`` maps names to the paths where they are mounted."""
    limits = job.limits
    memory = limits.memory_bytes + SUPERVISOR_BYTES
    return {
        "image": job.shape.image,
        "command": list(COMMAND),
        "entrypoint": [],
        "labels": {LEASE: job.lease},
        "hostname": "sandbox",
        "user": "0:0",
        "working_dir": "/",
        "environment": {},
        "stdin_open": True,
        "network_disabled": True,
        "read_only": True,
        "tmpfs": scratch(limits),
        "mounts": [Mount(path, name, "volume", read_only=True) for name, path in volumes.items()],
        "cap_drop": ["ALL"],
        "cap_add": CAPABILITIES,
        "security_opt": ["no-new-privileges:true", *([f"seccomp={seccomp}"] if seccomp else [])],
        "mem_limit": memory,
        "memswap_limit": memory,
        "nano_cpus": int(limits.cpus * 1e9),
        "pids_limit": limits.processes + SUPERVISOR_PROCESSES,
        "ulimits": [Ulimit(name="core", soft=0, hard=0)],
        "shm_size": 64 * 1024 * 1024,
        "ipc_mode": "private",
        "log_config": {"Type": "none"},
        "runtime": runtime or None,
    }


def scratch(limits: Limits) -> dict[str, str]:
    """Where a program may write; what lies there counts as its memory."""
    options = f"size={limits.work_bytes},nr_inodes={SCRATCH_FILES},mode=1777,exec,nosuid,nodev"
    return {WORK: options, "/tmp": options}  # noqa: S108 the container's own


def job_head(job: Job) -> dict[str, Any]:
    """What the supervisor is told."""
    limits = job.limits
    return {
        "size": job.program.stat().st_size if job.program else 0,
        "inputs": len(job.inputs),
        "command": list(job.command),
        "env": environment(limits),
        **{name: getattr(limits, name) for name in limits.__dataclass_fields__},
    }


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
