"""ROUGE (Lin 2004): see ``texts`` for both sides. Each row has the best F1 of its references."""

from collections.abc import Callable, Sequence

from rapidfuzz.distance import LCSseq

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.texts import (
    Normalize,
    Tokenize,
    best_of_each,
    f1,
    ngrams,
    normalized,
    tokens,
)

_Compare = Callable[[list[str], list[str]], float]


@mean_of_cells
def rouge_1(
    target: Array, prediction: Array, normalize: Normalize = "none", tokenize: Tokenize = "words"
) -> Floats:
    """Mean over rows of the F1 of single tokens."""
    return _rouge(target, prediction, normalize, tokenize, 1, _of_ngrams(1))


@mean_of_cells
def rouge_2(
    target: Array, prediction: Array, normalize: Normalize = "none", tokenize: Tokenize = "words"
) -> Floats:
    """Mean over rows of the F1 of pairs of tokens."""
    return _rouge(target, prediction, normalize, tokenize, 2, _of_ngrams(2))


@mean_of_cells
def rouge_l(
    target: Array, prediction: Array, normalize: Normalize = "none", tokenize: Tokenize = "words"
) -> Floats:
    """Mean over rows of the F1 of the longest common subsequence of tokens."""
    return _rouge(target, prediction, normalize, tokenize, 1, _of_subsequence)


def _rouge(
    target: Array,
    prediction: Array,
    normalize: Normalize,
    tokenize: Tokenize,
    least: int,
    compare: _Compare,
) -> Floats:
    longest = 0

    def prepare(text: str) -> list[str]:
        return tokens(normalized(text, normalize), tokenize)

    def measured(known: list[str], said: list[str]) -> float:
        nonlocal longest
        longest = max(longest, len(known))
        return compare(known, said)

    found = best_of_each(target, prediction, prepare, measured)
    if longest < least:
        raise UndefinedByReference(f"no answer has {least} tokens; for Chinese set tokenize to char or jieba")
    return found


def _of_ngrams(n: int) -> _Compare:
    def compare(known: Sequence[str], said: Sequence[str]) -> float:
        both = ngrams(known, n) & ngrams(said, n)
        return f1(both.total(), max(0, len(known) - n + 1), max(0, len(said) - n + 1))

    return compare


def _of_subsequence(known: list[str], said: list[str]) -> float:
    return f1(LCSseq.similarity(known, said), len(known), len(said))
