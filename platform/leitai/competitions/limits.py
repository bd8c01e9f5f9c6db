"""What one run may use in a phase: the task's limits, and those that the phase sets otherwise."""

from collections.abc import Mapping
from typing import Any

from leitai.competitions.bundle.limits import LimitsSpec, ProgramLimits
from leitai.competitions.bundle.schema import PhaseSpec, TaskSpec
from leitai.competitions.models import Phase, Task

Limits = dict[str, float]


def kept(spec: LimitsSpec) -> Limits:
    """Limits as the database keeps them, units in the names."""
    return {
        "wall_s": spec.wall,
        "cpu_s": spec.cpu_s,
        "memory_bytes": spec.memory,
        "cpus": spec.cpus,
        "processes": spec.processes,
        "open_files": spec.open_files,
        "output_bytes": spec.output,
        "output_files": spec.output_files,
        "log_bytes": spec.log,
        "work_bytes": spec.work,
        "upload_bytes": spec.upload,
    }


def differing(task: TaskSpec, phase: PhaseSpec) -> Limits:
    """Those of a phase's limits that are not the task's."""
    of_task = kept(task.limits)
    return {name: value for name, value in kept(task.limits_in(phase)).items() if value != of_task[name]}


DEFAULTS = kept(LimitsSpec())
UNITS = {
    "wall": "wall_s",
    "cpu": "cpu_s",
    "memory": "memory_bytes",
    "log": "log_bytes",
    "work": "work_bytes",
}


def of_program(given: Mapping[str, Any]) -> Limits:
    """What a task sets for the program that evaluates, and nothing else."""
    limits = ProgramLimits.model_validate(given)
    found = {UNITS.get(name, name): value for name, value in limits.model_dump(exclude_none=True).items()}
    if limits.wall is not None and limits.cpu is None:
        found["cpu_s"] = limits.wall * max(limits.cpus or 1.0, 1.0)
    return found


def in_force(task: Task, phase: Phase | None) -> Limits:
    """What holds in a phase; tasks that were applied long ago lack some, and have the defaults."""
    return {**DEFAULTS, **task.limits, **(phase.limits if phase else {})}
