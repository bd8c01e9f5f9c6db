"""How much comparing one table of texts may ask for: known before it is done, and the team's to mend.

What takes longer would run into the time of the scorer, which is ours.
"""

from evaluators.formulas.guard import Array

# Some 30 s of what rapidfuzz compares, letter by letter.
MOST_PAIRS = 300_000_000_000
# Whoever writes about as much as the answers never meets it.
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


def check_pairs(target: Array, prediction: Array) -> None:
    """Hold a table to as many pairs of letters as there may be, or a few times those of the answers alone.

    Raises:
        TooMuchWork: it has more.
    """
    asked = allowed = 0
    for texts, said in zip(target.ravel(), prediction.ravel(), strict=True):
        known = sum(map(len, texts))
        asked += known * len(said)
        allowed += known * max(map(len, texts))
    if asked > max(MOST_PAIRS, TIMES_ANSWERS * allowed):
        raise TooMuchWork
