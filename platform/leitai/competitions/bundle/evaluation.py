"""The `evaluation` key: what it means is for the evaluators to say; here their answer becomes a problem."""

from typing import Annotated, Any

from pydantic import BeforeValidator

import evaluators
from evaluators.spec import parse
from leitai.competitions.bundle.errors import refuse


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


def metric_names(spec: dict[str, Any]) -> list[str]:
    """The names under which scores are shown, the primary one first."""
    return [column.name for column in evaluators.columns(spec)]


Evaluation = Annotated[dict[str, Any], BeforeValidator(validated)]
