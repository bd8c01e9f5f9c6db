"""The receipt that a team takes away: what was scored, by what, and how it came out in public."""

import hashlib
import json
from typing import Any

from leitai.submissions.models import Run

# What a worker may write into a run's receipt that leaves it; anything else stays with the run.
PARTS = ("submission", "data", "evaluation", "evaluator", "images", "versions", "seed")


def parts(run: Run | None) -> dict[str, Any]:
    """What decided a run's result; empty where there is no receipt."""
    return {part: run.receipt[part] for part in PARTS if part in run.receipt} if run else {}


def digest(run: Run | None) -> str:
    """The SHA-256 of the parts, by which two receipts are compared; empty where there is no receipt."""
    found = parts(run)
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest() if found else ""
