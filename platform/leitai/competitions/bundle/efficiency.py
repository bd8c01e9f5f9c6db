"""Metrics of what a run uses: whether the task can have them, and what their phases should say."""

from collections.abc import Iterable, Iterator
from typing import Any

from evaluators.efficiency import OF_RUN, Usage
from evaluators.spec.task import parse
from leitai.competitions.bundle.errors import Problem
from leitai.competitions.bundle.schema import PhaseSpec, TaskSpec

# What ends a run before its budget does, by metric.
_LIMITS = {"wall_time": "wall", "cpu_time": "cpu_s", "peak_memory": "memory", "submission_size": "upload"}
_TIMED = frozenset({"wall_time", "cpu_time", "throughput"})


def faults(task: TaskSpec) -> Iterator[Problem]:
    """Everything that is wrong with them; the file is still to be filled in."""
    for place, usage in _usages(task):
        metric = usage.info.name
        if task.kind != "code" and metric in OF_RUN:
            problem = f"{metric} is measured of programs, and the task takes predictions."
            remedy = "Remove it, or make it a task of code; submission_size suits both."
            yield Problem("", f"{place}.metric", problem, remedy)
        elif usage.budget is not None and metric in _LIMITS:
            most = max(_limit(task, phase, metric) for phase in task.phases)
            if usage.budget > most:
                problem = f"is more than any phase lets a run use: its limit {_key(metric)} ends it before."
                yield Problem("", f"{place}.cap", problem, "Lower the cap, or raise the limit.")


def advice(task: TaskSpec) -> Iterator[str]:
    """What would make them fairer."""
    timed = [usage.name for _, usage in _usages(task) if usage.info.name in _TIMED]
    shared = [phase.slug for phase in task.phases if not phase.alone]
    if timed and shared:
        yield (
            f"{task.slug}: {', '.join(timed)} depends on what else runs on the machine. Write alone: true in "
            f"the phases {', '.join(shared)}, so that programs run one at a time on cores of their own."
        )


def _usages(task: TaskSpec) -> Iterable[tuple[str, Usage]]:
    key = "columns" if "program" in task.evaluation else "metrics"
    metrics: Any = task.evaluation.get(key) or []
    known = {usage.name: usage for usage in parse(task.evaluation).usages}
    for number, metric in enumerate(metrics):
        usage = known.get(metric.get("name", metric.get("metric")))
        if usage and metric.get("metric") == usage.info.name:
            yield f"evaluation.{key}[{number}]", usage


def _limit(task: TaskSpec, phase: PhaseSpec, metric: str) -> float:
    return float(getattr(task.limits_in(phase), _LIMITS[metric]))


def _key(metric: str) -> str:
    return _LIMITS[metric].removesuffix("_s")
