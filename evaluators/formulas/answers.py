"""Answers and other texts by what they have in common: see ``texts`` for both sides."""

from evaluators.errors import UndefinedBySubmission
from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.texts import (
    Normalize,
    Tokenize,
    best_of_each,
    f1,
    ngrams,
    normalized,
    of_texts,
    runs,
    tokens,
)


@mean_of_cells
def exact_match(target: Array, prediction: Array, normalize: Normalize = "squad") -> Floats:
    """Share of rows that equal one of their references once both are normalized (Rajpurkar et al. 2016)."""
    return best_of_each(target, prediction, lambda text: normalized(text, normalize), lambda a, b: a == b)


@mean_of_cells
def token_f1(
    target: Array,
    prediction: Array,
    normalize: Normalize = "squad",
    tokenize: Tokenize = "whitespace",
) -> Floats:
    """Mean over rows of 2 · shared tokens / tokens of both, with the best reference (Rajpurkar et al. 2016).

    Without a token on one side it is 1 where there is none on the other (Rajpurkar, Jia and Liang 2018).
    """

    def compare(known: list[str], said: list[str]) -> float:
        if not known or not said:
            return float(known == said)
        both = ngrams(known, 1) & ngrams(said, 1)
        return f1(both.total(), len(known), len(said))

    return best_of_each(
        target, prediction, lambda text: tokens(normalized(text, normalize), tokenize), compare
    )


@of_texts
def distinct_n(
    target: Array,  # noqa: ARG001 a formula has both sides, and this one looks at predictions alone
    prediction: Array,
    order: int = 2,
    normalize: Normalize = "none",
    tokenize: Tokenize = "whitespace",
) -> float:
    """Different n-grams / all n-grams of all predictions together (Li et al. 2016)."""
    found: set[object] = set()
    total = 0
    for text in prediction:
        words = tokens(normalized(text, normalize), tokenize)
        found.update(runs(words, order))
        total += max(0, len(words) - order + 1)
    if not total:
        raise UndefinedBySubmission(f"no prediction has {order} tokens")
    return len(found) / total
