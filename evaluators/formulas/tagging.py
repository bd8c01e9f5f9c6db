"""Named entities out of tags: a row is a sequence of tags, given as a tuple of them on both sides.

A tag is O outside of entities, else B (begins), I (inside), E (ends) or S (single), a hyphen and a type.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Literal, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Floats
from evaluators.formulas.tallies import Tally, of_tally

Scheme = Literal["lenient", "BIO", "BIOES"]
Average = Literal["micro", "macro", "weighted"]
Entity = tuple[str, int, int]
"""Type, first and last place."""
_BOTH, _HELD, _SAID = range(3)
MOST_COLUMNS = 300
_Counts: TypeAlias = Counter[tuple[int, str]]


@of_tally
def entity_f1(
    target: Array, prediction: Array, scheme: Scheme = "lenient", average: Average = "micro"
) -> Tally:
    """F1 of entities, which are right with type, begin and end (Tjong Kim Sang and De Meulder 2003)."""
    read, together = _READERS[scheme], average == "micro"
    sides = ((set(read(known)), set(read(tags))) for known, tags in zip(target, prediction, strict=True))
    rows = [_counted(answers, said, together=together) for answers, said in sides]
    total: _Counts = Counter()
    for row in rows:
        total.update(row)
    if not any(side == _HELD for side, _ in total):
        raise UndefinedByReference("no answer has an entity")
    places = list(product((_BOTH, _HELD, _SAID), sorted({kind for _, kind in total})))

    def of_means(means: Array) -> Floats:
        both, held, said = np.split(means, 3, axis=-1)
        return _averaged(both, held, said, average)

    def columns() -> Floats:
        if len(places) > MOST_COLUMNS:
            raise UndefinedByReference("there are more types than resamples have room for")
        return np.array([[row[place] for place in places] for row in rows], dtype=np.float64)

    return Tally(float(of_means(np.array([total[place] for place in places]))), columns, of_means)


def _counted(answers: set[Entity], said: set[Entity], *, together: bool) -> _Counts:
    """How many entities of each type both sides of a row have, and either."""
    sides = {_BOTH: answers & said, _HELD: answers, _SAID: said}
    return Counter((side, "" if together else kind) for side, found in sides.items() for kind, _, _ in found)


def _averaged(both: Array, held: Array, said: Array, average: Average) -> Floats:
    """The mean F1 of the kinds along the last axis; a kind that neither side has is left out."""
    either = held + said
    each = np.divide(2 * both, either, out=np.zeros(either.shape), where=either > 0)
    weights = held if average == "weighted" else either > 0
    found: Floats = (each * weights).sum(axis=-1) / weights.sum(axis=-1)
    return found


def _parted(tag: str) -> tuple[str, str]:
    """Mark and type."""
    return tag[0], tag[2:]


def lenient(tags: Sequence[str]) -> Iterator[Entity]:
    """Entities as the script of CoNLL-2000 reads them: an I or E after another type begins one as well."""
    start, before, kind = 0, "O", ""
    for place, (mark, type_) in enumerate([*map(_parted, tags), ("O", "")]):
        changes = before != "O" and (before in "ES" or mark in "BSO" or type_ != kind)
        if changes:
            yield kind, start, place - 1
        if mark != "O" and (changes or before == "O"):
            start = place
        before, kind = mark, type_


def _strict(begins: str, inside: str, ends: str, single: str) -> Callable[[Sequence[str]], Iterator[Entity]]:
    """Only what is spelled right is an entity; ``ends`` is empty where the next tag tells the end."""

    def read(tags: Sequence[str]) -> Iterator[Entity]:
        start, kind = -1, ""
        for place, (mark, type_) in enumerate([*map(_parted, tags), ("O", "")]):
            goes_on = start >= 0 and type_ == kind
            if mark == inside and goes_on:
                continue
            if ends and mark == ends and goes_on:
                yield kind, start, place
            elif not ends and start >= 0:
                yield kind, start, place - 1
            if single and mark == single:
                yield type_, place, place
            start, kind = (place, type_) if mark == begins else (-1, "")

    return read


_READERS: Mapping[Scheme, Callable[[Sequence[str]], Iterator[Entity]]] = {
    "lenient": lenient,
    "BIO": _strict("B", "I", "", ""),
    "BIOES": _strict("B", "I", "E", "S"),
}
