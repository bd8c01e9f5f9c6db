"""The containers of a run, before it is known whose: one predicts, another one scores.

Submitted code never shares a container with the reference, and the evaluator never meets submitted code.
"""

import io
import json
import tarfile
from dataclasses import asdict
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any

import evaluators
from evaluators.programs.spec import TABLES
from leitai.competitions.limits import of_program
from leitai.scoring.parts import Parts
from leitai.scoring.work import ImageTrouble, Work
from sandbox.job import PROGRAM, Limits, Shape, Volume

HIDDEN_INPUT = "/data/input"
REFERENCE = "/data/reference"
SPECIFICATION = f"{PROGRAM}/spec.json"
# A program of an organizer's, our own that starts it, and the folder where the former expects to be.
SPONSORS = "/data/program"
EVALUATORS = "/data/evaluators"
APP = "/app"
EVALUATE = "evaluators.score:main"
LIBRARIES = ("numpy", "pandas", "sklearn.metrics")
RETRY_S = 60.0
# What most programs import first, for tasks that do not say.
USUAL = (
    "numpy", "pandas", "scipy.sparse", "scipy.stats", "sklearn.pipeline", "sklearn.linear_model",
    "sklearn.ensemble", "sklearn.preprocessing", "sklearn.model_selection", "sklearn.feature_extraction.text",
    "lightgbm", "joblib",
)  # fmt: skip
# The evaluator is ours: it gets what large tables need, whatever the task allows its teams.
SCORING_LIMITS = Limits(
    wall_s=300.0, cpu_s=300.0, memory_bytes=4_000_000_000, output_bytes=1_000_000, output_files=4
)


def predicting(work: Work, parts: Parts) -> Shape:
    """Where a team's program runs: with the hidden input, without the reference.

    An ingestion program runs beside it, which knows no answers either.

    Raises:
        ImageTrouble: the task has an image of its own that is no good.
        SandboxUnavailable: the engine failed at it.
    """
    data = _kept(parts, work.hidden_input, HIDDEN_INPUT)
    image = parts.image_for(work.image)
    if work.ingestion:
        # Submitted code reads what lies beside it, and has no need to know how it is measured.
        beside = (data, _kept(parts, work.ingestion, SPONSORS), _evaluator("{}", EVALUATORS))
        return Shape(image, limits(work.limits), beside, alone=work.alone, writable=(APP,))
    return Shape(image, limits(work.limits), (data,), work.preload or USUAL, alone=work.alone)


def scoring(work: Work, parts: Parts) -> Shape:
    """Where the evaluator runs: with the reference, read beforehand. No team's code ever comes here.

    A program of an organizer's has a container for each run, as it may leave anything behind.

    Raises:
        ImageTrouble: a program asks for an image that is not there or no good.
        SandboxUnavailable: the engine failed at it.
    """
    data = _kept(parts, work.reference, REFERENCE)
    if "program" in work.evaluation:
        image, given = scoring_image(work, parts), work.evaluation["program"].get("limits") or {}
        evaluator = _evaluator(json.dumps(work.evaluation, sort_keys=True), EVALUATORS)
        volumes = (data, _kept(parts, work.program, SPONSORS), evaluator)
        imported = LIBRARIES if work.evaluation["program"]["kind"] in TABLES else ()
        return Shape(image, program_limits(given), volumes, imported, writable=(APP,))
    preload = (f"evaluators.prepared:prepare {SPECIFICATION} {REFERENCE}",)
    evaluator = _evaluator(json.dumps(work.evaluation, sort_keys=True), PROGRAM)
    return Shape(parts.scorer, SCORING_LIMITS, (evaluator, data), preload, lasting=True)


def scoring_image(work: Work, parts: Parts) -> str:
    """The tag of what the evaluator runs in.

    Raises:
        ImageTrouble: a program asks for an image that is not there or no good.
        SandboxUnavailable: the engine failed at it.
    """
    if "program" not in work.evaluation:
        return parts.scorer
    match work.evaluation["program"].get("image"):
        case "task":
            return parts.image_for(work.image)
        case "legacy":
            if not parts.legacy or not parts.sandbox.present(parts.legacy):
                raise ImageTrouble("The image legacy is missing: leitai images build legacy", RETRY_S)
            return parts.legacy
        case _:
            return parts.runtime


def program_limits(given: dict[str, Any]) -> Limits:
    """Limits of a program that evaluates: the usual ones, but for what the task sets."""
    return limits({**asdict(SCORING_LIMITS), **of_program(given)})


def _kept(parts: Parts, digest: str, mount: str) -> Volume:
    return Volume(digest, mount, partial(parts.store.chunks, digest))


@lru_cache(64)
def _evaluator(specification: str, mount: str) -> Volume:
    """The evaluators and what they are to compute."""
    stream = io.BytesIO(evaluators.source())
    with tarfile.open(fileobj=stream, mode="a") as archive:
        member = tarfile.TarInfo("spec.json")
        member.size = len(specification.encode())
        archive.addfile(member, io.BytesIO(specification.encode()))
    content = stream.getvalue()
    return Volume(sha256(content).hexdigest(), mount, lambda: [content])


def limits(given: dict[str, Any]) -> Limits:
    """Limits as the sandbox takes them; what is not given has its default."""
    defaults = asdict(Limits())
    return Limits(**{name: type(value)(given.get(name, value)) for name, value in defaults.items()})
