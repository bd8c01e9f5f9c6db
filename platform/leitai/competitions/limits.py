"""What one run may use in a phase: the task's limits, and those that the phase sets otherwise."""

from leitai.competitions.bundle.schema import LimitsSpec, PhaseSpec, TaskSpec
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


def in_force(task: Task, phase: Phase | None) -> Limits:
    """What holds in a phase; tasks that were applied long ago lack some, and have the defaults."""
    return {**DEFAULTS, **task.limits, **(phase.limits if phase else {})}
