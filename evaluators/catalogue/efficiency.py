"""What a run uses, measured outside of the program's reach."""

from functools import partial
from typing import Any

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import Parameter, is_number, one_of
from evaluators.quantities import DURATIONS, SIZES, amount
from evaluators.words import N_

TITLE = N_("Efficiency")


def seconds(value: Any) -> float | None:
    """A duration as a cap has it; None where it is none."""
    return value if is_number(value) else amount(value, DURATIONS)


def size(value: Any) -> float | None:
    """A size in bytes, likewise."""
    return value if is_number(value) else amount(value, SIZES)


CAP_OF_TIME = Parameter(
    N_("a duration above 0, with a unit or in seconds"),
    "60 s",
    lambda v: (seconds(v) or 0) > 0,
    what=N_("The budget: a run that takes longer is rejected."),
    default=N_("there is no budget"),
)
CAP_OF_SIZE = Parameter(
    N_("a size above 0, with a unit or in bytes"),
    "500 MB",
    lambda v: (size(v) or 0) > 0,
    what=N_("The budget: a submission that needs more is rejected."),
    default=N_("there is no budget"),
)
LEAST = Parameter(
    N_("a number above 0"),
    "1000",
    lambda v: is_number(v) and v > 0,
    what=N_("The budget: a run with fewer rows a second is rejected."),
    default=N_("there is no budget"),
)
BEYOND = one_of(
    N_("one of reject, clip"),
    N_(
        "What becomes of a submission beyond the budget: it is rejected, or what it used counts as the "
        "budget."
    ),
    "reject",
    "clip",
)
_metric = partial(
    MetricInfo,
    theme="efficiency",
    direction="lower",
    low=0,
    high=None,
    needs="usage",
    degenerate=N_("Always defined; the same in both splits."),
    source="Leitai, measured by the sandbox, 2026",
)
_NOISE = N_("Rounded to three digits: what lies closer together is noise of the machine.")

METRICS = (
    _metric(
        "wall_time",
        N_("Wall time"),
        what=N_("How long the program ran, by a clock outside of it."),
        formula=N_("end − start, in seconds"),
        ties=_NOISE,
        example={"name": "Seconds", "cap": "60 s"},
        parameters={"cap": CAP_OF_TIME, "beyond": BEYOND},
        unit="s",
    ),
    _metric(
        "cpu_time",
        N_("CPU time"),
        what=N_("How long processors worked for the program and for all that it started."),
        formula=N_("user time + system time, in seconds"),
        ties=_NOISE,
        example={"name": "CPU", "cap": "2 min"},
        parameters={"cap": CAP_OF_TIME, "beyond": BEYOND},
        unit="s",
    ),
    _metric(
        "peak_memory",
        N_("Peak memory"),
        what=N_("The most memory that the program and all that it started held at one time."),
        formula=N_("largest memory of the control group, in bytes"),
        ties=_NOISE,
        example={"name": "Memory", "cap": "500 MB"},
        parameters={"cap": CAP_OF_SIZE, "beyond": BEYOND},
        unit="bytes",
    ),
    _metric(
        "submission_size",
        N_("Size of the submission"),
        what=N_("The size of the file that a team hands in, packed as it comes."),
        formula=N_("size of the file, in bytes"),
        example={"name": "Size", "cap": "5 MB"},
        parameters={"cap": CAP_OF_SIZE, "beyond": BEYOND},
        unit="bytes",
    ),
    _metric(
        "throughput",
        N_("Throughput"),
        what=N_("How many rows the program predicts in a second, the time to start and to read counted."),
        formula=N_("ids of the reference / wall time"),
        ties=_NOISE,
        example={"name": "Rows per second", "least": 1000},
        parameters={"least": LEAST, "beyond": BEYOND},
        direction="higher",
        unit="rows/s",
    ),
)
