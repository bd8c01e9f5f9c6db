"""The `evaluation` key: what it means is for the evaluators to say; here their answer becomes a problem."""

from typing import Annotated, Any, cast

from pydantic import BeforeValidator, ValidationInfo

import evaluators
from evaluators.spec.task import parse
from leitai.competitions.bundle import programs
from leitai.competitions.bundle.errors import refuse
from leitai.competitions.bundle.files import Context


def validated(value: Any) -> dict[str, Any]:
    """The specification as written, after the evaluators accepted it."""
    if not isinstance(value, dict):
        raise refuse("is not a mapping.", "Write id, split and metrics; see the bundle format.")
    try:
        evaluators.validate(value)
    except evaluators.SpecError as error:
        raise refuse(error.problem, error.remedy, key=error.key) from None
    return value


def columns(spec: dict[str, Any]) -> list[str]:
    """The columns that the reference must have: id, split, and whatever a metric reads from it."""
    return parse(spec).answer_columns


def filled(spec: dict[str, Any]) -> list[str]:
    """Those of them where each row has something."""
    parsed = parse(spec)
    return [name for name in parsed.answer_columns if name not in parsed.columns_with_gaps]


def accepted(spec: dict[str, Any]) -> tuple[str, ...]:
    """The endings of what a program takes; nothing where there is none, and tables are taken."""
    program = parse(spec).program if "program" in spec else None
    return program.accepts if program else ()


def ingested(spec: dict[str, Any]) -> bool:
    """Whether a program of the organizer's runs beside what teams submit as code."""
    program = parse(spec).program if "program" in spec else None
    return program is not None and program.ingestion is not None


def metric_names(spec: dict[str, Any]) -> list[str]:
    """The names under which scores are shown, the primary one first."""
    return [column.name for column in evaluators.columns(spec)]


def _settled(value: Any, info: ValidationInfo) -> dict[str, Any]:
    found = validated(value)
    context = cast("Context", info.context)
    return programs.settled(found, context) if "program" in found else found


Evaluation = Annotated[dict[str, Any], BeforeValidator(_settled)]
