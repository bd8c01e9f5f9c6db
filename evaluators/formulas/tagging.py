"""Named entities out of tags: a row is a sequence of tags, given as a tuple of them on both sides.

A tag is O outside of entities, else B (begins), I (inside), E (ends) or S (single), a hyphen and a type.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array
from evaluators.formulas.texts import f1, of_texts

Scheme = Literal["lenient", "BIO", "BIOES"]
Average = Literal["micro", "macro", "weighted"]
Entity = tuple[str, int, int]
"""Type, first and last place."""


@of_texts
def entity_f1(
    target: Array, prediction: Array, scheme: Scheme = "lenient", average: Average = "micro"
) -> float:
    """F1 of entities, which are right with type, begin and end (Tjong Kim Sang and De Meulder 2003)."""
    found = _READERS[scheme]
    held: Counter[str] = Counter()
    said: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for known, tags in zip(target, prediction, strict=True):
        answers, guesses = set(found(known)), set(found(tags))
        held.update(kind for kind, _, _ in answers)
        said.update(kind for kind, _, _ in guesses)
        both.update(kind for kind, _, _ in answers & guesses)
    if not held:
        raise UndefinedByReference("no answer has an entity")
    if average == "micro":
        return f1(both.total(), held.total(), said.total())
    each = {kind: f1(both[kind], held[kind], said[kind]) for kind in held | said}
    weights = held if average == "weighted" else Counter(dict.fromkeys(each, 1))
    return _weighted(each, weights)


def _weighted(scores: Mapping[str, float], weights: Mapping[str, int]) -> float:
    return sum(score * weights[kind] for kind, score in sorted(scores.items())) / sum(weights.values())


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
