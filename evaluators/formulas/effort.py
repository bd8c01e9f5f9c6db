"""How much comparing one table of texts may ask for: known before it is done, and the team's to mend.

What takes longer would run into the time of the scorer, which is ours.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from evaluators.formulas.guard import Array

# Some 30 s of what rapidfuzz compares, letter by letter.
MOST_PAIRS = 300_000_000_000
# What is done letter by letter, in microseconds: half a minute for each split.
MOST_TIME = 30_000_000
# Whoever writes about as much as the answers never meets either.
TIMES_ANSWERS = 4
# At most 100 s of words that are put to other places, for the slowest texts that were found.
MOST_STEPS = 4_000_000_000

QUADRATIC = frozenset({"rouge_l", "wer", "cer", "mer", "edit_distance", "normalized_edit_distance"})
"""The metrics that compare every letter of one side with every letter of the other."""


class TooMuchWork(Exception):
    """These texts would take too long to compare."""


class Effort:
    """What is left of the steps that the texts of a table may take."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raises TooMuchWork: more than is left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


def check(metric: str, settings: Mapping[str, Any], target: Array, prediction: Array) -> None:
    """Hold a table of texts to what may be asked, or to a few times what the answers alone ask for.

    Raises:
        TooMuchWork: it asks for more.
    """
    length = _made_plain if settings.get("normalize") == "plain" else len
    _check_letters(_time_of_letter(metric, settings), length, target, prediction)
    if metric in QUADRATIC:
        # to tell which edits there are takes twice as long as to count them
        _check_pairs(2 if metric == "mer" else 1, length, target, prediction)


def _time_of_letter(metric: str, settings: Mapping[str, Any]) -> float:
    """Microseconds that a letter takes, of the slowest texts that were found."""
    if settings.get("tokenize") == "jieba":
        return 30
    if metric == "bleu":
        return 5 + float(settings.get("order", 4))
    if metric == "chrf":
        return 0.6 * float(settings.get("order", 6) + settings.get("word_order", 0))
    return 1


def _check_letters(time: float, length: Callable[[str], int], target: Array, prediction: Array) -> None:
    asked = time * sum(map(length, prediction.ravel()))
    if asked > MOST_TIME:
        answers = sum(max(map(length, texts), default=0) for texts in target.ravel())
        if asked > TIMES_ANSWERS * time * answers:
            raise TooMuchWork


def _check_pairs(times: int, length: Callable[[str], int], target: Array, prediction: Array) -> None:
    asked = allowed = 0
    for texts, said in zip(target.ravel(), prediction.ravel(), strict=True):
        known = [length(text) for text in texts]
        asked += sum(known) * length(said)
        allowed += sum(known) * max(known)
    if times * asked > max(MOST_PAIRS, times * TIMES_ANSWERS * allowed):
        raise TooMuchWork


def _made_plain(text: str) -> int:
    """A single character can stand for eighteen."""
    return len(text) if text.isascii() else len(unicodedata.normalize("NFKC", text))
