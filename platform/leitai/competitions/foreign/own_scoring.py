"""The scoring program of an exported bundle says itself what it evaluates."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import evaluators
from leitai.competitions.foreign.moving import read_json
from leitai.competitions.foreign.report import refused

SETTINGS = "leitai.json"


@dataclass(frozen=True)
class Own:
    """Built-in metrics, and whether teams hand in code."""

    evaluation: dict[str, Any]
    code: bool


def own_evaluation(program: Path) -> Own | None:
    """What a scoring program of ours evaluates; None where it is another's.

    Raises:
        BundleError: somebody has damaged it.
    """
    place = program / SETTINGS
    if not place.is_file():
        return None
    found = read_json(place)
    try:
        evaluation = dict(found["evaluation"])
        evaluators.validate(evaluation)
    except (TypeError, KeyError, ValueError, evaluators.SpecError) as error:
        raise refused(
            SETTINGS, "evaluation", f"cannot be used: {error}.", "Export the bundle again."
        ) from None
    return Own(evaluation, bool(found.get("code")))
