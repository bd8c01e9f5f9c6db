"""The receipt of a verdict: whoever has the same parts gets the same scores, on any machine."""

import hashlib
import json
from functools import cache
from typing import Any

import evaluators
from leitai.competitions.models import Kind
from leitai.scoring import stages
from leitai.scoring.cleaning import clean
from leitai.scoring.parts import Parts
from leitai.scoring.work import Work

# The evaluators draw resamples with the seed of the task alone, and the supervisor fixes Python's hash seed
# to this.
SEED = 0


def receipt(work: Work, parts: Parts, verdict: dict[str, Any]) -> dict[str, Any]:
    """Digests of everything that decides the scores, the versions in the scorer, the seed."""
    images = {"scorer": parts.sandbox.image_digest(stages.scoring_image(work, parts))}
    data = {"reference": work.reference} | ({"program": work.program} if work.program else {})
    if work.kind == Kind.CODE:
        data |= {"ingestion": work.ingestion} if work.ingestion else {}
        images["runtime"] = parts.sandbox.image_digest(parts.image_for(work.image))
        data["input"] = work.hidden_input
        data |= {"image": work.image.digest} if work.image else {}
    specification = json.dumps(work.evaluation, sort_keys=True).encode()
    found: dict[str, Any] = {
        "submission": work.digest,
        "data": data,
        "evaluation": hashlib.sha256(specification).hexdigest(),
        "evaluator": evaluator_digest(),
        "images": images,
        "seed": SEED,
    }
    for name in ("versions", "rows", "measured"):
        if name in verdict:
            found[name] = clean(verdict[name])
    return found


@cache
def evaluator_digest() -> str:
    """The digest of the evaluator that this process has."""
    return hashlib.sha256(evaluators.source()).hexdigest()
