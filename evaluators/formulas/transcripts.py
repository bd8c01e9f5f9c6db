"""Error rates of transcripts and edit distances: see ``texts`` for both sides; a row has one reference."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from rapidfuzz.distance import Levenshtein

from evaluators.errors import UndefinedByReference
from evaluators.formulas.averages import mean_of_cells
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import Tally, of_tally, ratio
from evaluators.formulas.texts import Normalize, Tokenize, normalized, tokens

Spaces = Literal["keep", "drop"]
_Pairs = Iterator[tuple[Sequence[str], Sequence[str]]]


@of_tally
def wer(
    target: Array, prediction: Array, normalize: Normalize = "none", tokenize: Tokenize = "whitespace"
) -> Tally:
    """Edits of words over all rows / words of the references; an edit replaces, leaves out or adds a word.

    Morris, Maier and Green 2004.
    """
    return _rate(_words(target, prediction, normalize, tokenize))


@of_tally
def cer(target: Array, prediction: Array, normalize: Normalize = "none", spaces: Spaces = "keep") -> Tally:
    """Edits of characters over all rows / characters of the references, without spaces around the texts."""

    def characters(text: str) -> str:
        plain = normalized(text, normalize)
        return "".join(plain.split()) if spaces == "drop" else plain.strip()

    return _rate(
        (characters(texts[0]), characters(said)) for texts, said in zip(target, prediction, strict=True)
    )


@of_tally
def mer(
    target: Array, prediction: Array, normalize: Normalize = "none", tokenize: Tokenize = "whitespace"
) -> Tally:
    """Edits of words over all rows / (edits + words that match): Morris, Maier and Green 2004.

    Where several alignments have as few edits, the matches are those of rapidfuzz, as in jiwer.
    """
    edits, steps, length = [], [], 0
    for known, said in _words(target, prediction, normalize, tokenize):
        found = Levenshtein.editops(known, said).as_list()
        edits.append(len(found))
        steps.append(len(known) + sum(kind == "insert" for kind, _, _ in found))
        length += len(known)
    _check(length)
    return ratio(np.array(edits), np.array(steps))


@mean_of_cells
def edit_distance(target: Array, prediction: Array, normalize: Normalize = "none") -> Floats:
    """Mean over rows of the fewest characters to replace, leave out or add (Levenshtein 1966)."""
    pairs = _characters(target, prediction, normalize)
    return np.array([Levenshtein.distance(*pair) for pair in pairs], dtype=np.float64)


@mean_of_cells
def normalized_edit_distance(target: Array, prediction: Array, normalize: Normalize = "none") -> Floats:
    """Mean over rows of the edit distance / characters of the longer text; 0 for two empty ones."""
    pairs = _characters(target, prediction, normalize)
    return np.array([Levenshtein.normalized_distance(*pair) for pair in pairs])


def _words(target: Array, prediction: Array, normalize: Normalize, tokenize: Tokenize) -> _Pairs:
    for known, said in _characters(target, prediction, normalize):
        yield tokens(known, tokenize), tokens(said, tokenize)


def _characters(target: Array, prediction: Array, normalize: Normalize) -> Iterator[tuple[str, str]]:
    for texts, said in zip(target, prediction, strict=True):
        yield normalized(texts[0], normalize), normalized(said, normalize)


def _rate(pairs: _Pairs) -> Tally:
    found = np.array([(Levenshtein.distance(known, said), len(known)) for known, said in pairs])
    edits, lengths = found.T
    _check(lengths.sum())
    return ratio(edits, lengths)


def _check(length: int) -> None:
    if not length:
        raise UndefinedByReference("no answer has a token")
