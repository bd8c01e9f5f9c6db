"""What the evaluator wrote, read with distrust: scores, a rejection, or trouble of ours."""

import base64
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import evaluators
from evaluators.figures.kinds import FigureTrouble, checked
from leitai.scoring.cleaning import clean
from leitai.scoring.work import ScoringTrouble, Spread
from leitai.submissions.models import Split

LARGEST = 1_000_000
# A head, and two bytes for each resample: as many as a task may ask for.
MOST_BYTES = 16 + 2 * 1999

Scores = dict[str, float]


def read_verdict(path: Path) -> dict[str, Any]:
    """The evaluator's output file.

    Raises:
        ScoringTrouble: there is none, or it is no JSON object of a sensible size.
    """
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        raise ScoringTrouble(f"The evaluator wrote no {path.name} of at most {LARGEST} bytes.")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ScoringTrouble(f"The evaluator's {path.name} is not JSON: {error}.") from None
    if not isinstance(found, dict) or ("scores" in found) == ("rejection" in found):
        raise ScoringTrouble(f"The evaluator's {path.name} holds neither scores nor a rejection.")
    return found


def rejection(verdict: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The code of the rejection and its parameters; None when there are scores.

    Raises:
        ScoringTrouble: the code is unknown.
    """
    if "rejection" not in verdict:
        return None
    found = verdict["rejection"]
    code = found.get("code") if isinstance(found, dict) else None
    if not isinstance(code, str) or code not in evaluators.REJECTIONS:
        raise ScoringTrouble(f"The evaluator rejects for a reason that is not known here: {clean(code)!r}.")
    params = clean(found.get("params", {}))
    return code, params if isinstance(params, dict) else {}


def scores(verdict: dict[str, Any], names: Iterable[str]) -> tuple[Scores, Scores]:
    """The scores of the public and of the private part, each with exactly these names.

    Raises:
        ScoringTrouble: a score is missing, is one too many, or is not a finite number.
    """
    expected = list(names)
    public, private = (_split(verdict["scores"], split, expected) for split in (Split.PUBLIC, Split.PRIVATE))
    return public, private


def spread(verdict: dict[str, Any], split: Split, scores: Scores) -> Spread:
    """The intervals of these scores, and the replicates of the one that ranks; some evaluators give none.

    Raises:
        ScoringTrouble: they are not such as an evaluator gives.
    """
    given, packed = (_of_split(verdict.get(key), split) for key in ("intervals", "replicates"))
    intervals = {} if given is None else _intervals(given, split, scores)
    try:
        replicates = None if packed is None else base64.b64decode(packed, validate=True)
    except (TypeError, ValueError):
        replicates = b""
    if replicates is not None and not 0 < len(replicates) <= MOST_BYTES:
        raise ScoringTrouble(f"The evaluator's {split} replicates are none.")
    return Spread(intervals, replicates)


def figures(verdict: dict[str, Any]) -> tuple[tuple[dict[str, Any], ...], str]:
    """What the evaluator has to show beside its scores, and why organizers see none of it.

    Scores stand without it: unusable figures are left out, and the sentence says what is wrong with them.
    """
    try:
        return tuple(checked(verdict.get("figures", []))), ""
    except FigureTrouble as trouble:
        return (), f"The figures were left out. {clean(str(trouble))}"


def _of_split(found: Any, split: str) -> Any:
    return found.get(split) if isinstance(found, dict) else None


def _intervals(found: Any, split: str, scores: Scores) -> dict[str, dict[str, float]]:
    ends = list(found.items()) if isinstance(found, dict) else [("", found)]
    for name, end in ends:
        numbers = [end.get(key) for key in ("low", "high")] if isinstance(end, dict) else []
        if name not in scores or not numbers or not all(map(_is_number, numbers)):
            raise ScoringTrouble(f"The evaluator's {split} interval of {clean(name)!r} is {clean(end)!r}.")
    return {name: {"low": float(end["low"]), "high": float(end["high"])} for name, end in ends}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and _finite(value)


def _split(found: Any, split: str, names: list[str]) -> Scores:
    part = found.get(split) if isinstance(found, dict) else None
    if not isinstance(part, dict) or set(part) != set(names):
        given = sorted(map(str, part)) if isinstance(part, dict) else clean(part)
        raise ScoringTrouble(f"The evaluator's {split} scores are {given} instead of {sorted(names)}.")
    for name, value in part.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise ScoringTrouble(
                f"The evaluator's {split} score {name} is {clean(value)!r}, no finite number."
            )
    return {name: float(part[name]) for name in names}


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
