"""ROUGE by plain loops: a table of common subsequences, lists of n-grams."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Oracle
from tests.evaluators.oracles.answers import NORMALIZE, TOKENIZE, harmonic, normalize, overlap, tokenize
from tests.evaluators.writing import texts, written

Sides = tuple[list[str], list[str]]


def of_ngrams(n: int, known: list[str], said: list[str]) -> float:
    sides = [[tuple(side[at : at + n]) for at in range(len(side) - n + 1)] for side in (known, said)]
    return harmonic(overlap(*sides), len(sides[0]), len(sides[1]))


def of_subsequence(known: list[str], said: list[str]) -> float:
    table = np.zeros((len(known) + 1, len(said) + 1), dtype=int)
    for row, word in enumerate(known, 1):
        for column, other in enumerate(said, 1):
            longer = max(table[row - 1, column], table[row, column - 1])
            table[row, column] = table[row - 1, column - 1] + 1 if word == other else longer
    return harmonic(int(table[-1, -1]), len(known), len(said))


def rouge(
    compare: Callable[[list[str], list[str]], float], target: Any, prediction: Any, **named: str
) -> float:
    def cut(text: str) -> list[str]:
        return tokenize(normalize(text, named["normalize"]), named["tokenize"])

    pairs = zip(target, prediction, strict=True)
    return float(np.mean([max(compare(cut(text), cut(said)) for text in row) for row, said in pairs]))


# Two words that stay two tokens, whatever is done to them.
MADE = texts(references=3, least=2, words=("cat", "Cat", "sat", "mat", "grew9", "up."))
HOW = {"normalize": NORMALIZE, "tokenize": TOKENIZE}
# Lin 2004: the second candidate of the section on ROUGE-L shares its two pairs of words with the reference,
# the first one an order.
POLICE = "police killed the gunman"
EDGES = [
    written([], [], gives=UndefinedByReference),
    written([POLICE], [""], gives=0),
    written(["自然语言处理"], ["自然语言"], gives=UndefinedByReference),
    written(["。"], ["自然语言"], gives=UndefinedByReference, tokenize="jieba", normalize="plain"),
]

ORACLES = {
    "rouge_1": Oracle(
        partial(rouge, partial(of_ngrams, 1)),
        MADE,
        settings=HOW,
        edges=[
            *EDGES,
            written([POLICE], ["police kill the gunman"], gives=0.75),
            written(["自然语言处理"], ["自然语言"], gives=0.8, tokenize="char"),
            written(["我来到北京清华大学"], ["我在北京"], gives=4 / 7, tokenize="jieba"),
            written([["a b", "c d"]], ["c d"], gives=1),
        ],
    ),
    "rouge_2": Oracle(
        partial(rouge, partial(of_ngrams, 2)),
        MADE,
        settings=HOW,
        edges=[
            *EDGES,
            written(["one"], ["one"], gives=UndefinedByReference),
            written([POLICE, "one"], [POLICE, "one"], gives=0.5),
            written([POLICE], ["police kill the gunman"], gives=1 / 3),
            written(["自然语言处理"], ["自然语言"], gives=0.75, tokenize="char"),
        ],
    ),
    "rouge_l": Oracle(
        partial(rouge, of_subsequence),
        MADE,
        settings=HOW,
        edges=[
            *EDGES,
            written([POLICE], ["police kill the gunman"], gives=0.75),
            written([POLICE], ["the gunman kill police"], gives=0.5),
            written([POLICE], ["the gunman police killed"], gives=0.5),
            written(["自然语言处理"], ["处理自然语言"], gives=4 / 6, tokenize="char"),
        ],
    ),
}
