"""Entities of tags by the rules of conlleval and of the strict schemes, tag by tag."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Edge, Oracle, Trouble
from tests.evaluators.writing import cells

TAGS = ("O", *(f"{mark}-{kind}" for mark in "BIES" for kind in ("PER", "LOC")))


def lenient(tags: Sequence[str]) -> set[tuple[str, int, int]]:
    """For each first place the farthest last one that no border parts from it."""
    found = set()
    for first, tag in enumerate(tags):
        if tag == "O" or not border(tags, first):
            continue
        last = first
        while last + 1 < len(tags) and tags[last + 1] != "O" and not border(tags, last + 1):
            last += 1
        found.add((tag[2:], first, last))
    return found


def border(tags: Sequence[str], place: int) -> bool:
    """Whether an entity begins here, given that the tag is not O."""
    if place == 0 or tags[place - 1] == "O":
        return True
    before, here = tags[place - 1], tags[place]
    return before[0] in "ES" or here[0] in "BS" or before[2:] != here[2:]


def strict(tags: Sequence[str], scheme: str) -> set[tuple[str, int, int]]:
    """Every stretch that is spelled as an entity of the scheme is one."""
    found = set()
    for first in range(len(tags)):
        for last in range(first, len(tags)):
            kind, marks = tags[first][2:], "".join(tag[0] for tag in tags[first : last + 1])
            if any(tag[2:] != kind for tag in tags[first : last + 1]):
                continue
            ends = last + 1 == len(tags) or tags[last + 1] != f"I-{kind}"
            inside = "I" * (len(marks) - 1)
            if scheme == "BIO" and marks == "B" + inside and ends:
                found.add((kind, first, last))
            if scheme == "BIOES" and marks in ("S", "B" + inside[1:] + "E"):
                found.add((kind, first, last))
    return found


def entity_f1(target: Any, prediction: Any, scheme: str, average: str) -> float:
    held, said = (
        {(row, *entity) for row, tags in enumerate(column) for entity in read(tags, scheme)}
        for column in (target, prediction)
    )
    kinds = sorted({entity[1] for entity in held | said})
    each = [f1({e for e in held if e[1] == kind}, {e for e in said if e[1] == kind}) for kind in kinds]
    weights = [sum(e[1] == kind for e in held) if average == "weighted" else 1 for kind in kinds]
    if average == "micro":
        return f1(held, said)
    return sum(a * b for a, b in zip(each, weights, strict=True)) / sum(weights)


def read(tags: Sequence[str], scheme: str) -> set[tuple[str, int, int]]:
    return lenient(tags) if scheme == "lenient" else strict(tags, scheme)


def f1(held: set[Any], said: set[Any]) -> float:
    return 2 * len(held & said) / (len(held) + len(said))


@st.composite
def tagged(draw: st.DrawFn) -> tuple[Any, Any]:
    """Answers that begin with an entity in every scheme."""
    rows = draw(st.lists(st.lists(st.sampled_from(TAGS), max_size=7), min_size=1, max_size=3))
    known = [tuple(row) for row in rows]
    known[0] = ("B-PER", "O", "B-LOC", "E-LOC", "O", *known[0])
    said = [tuple(draw(st.sampled_from([tag, tag, *TAGS])) for tag in row) for row in known]
    return cells(known), cells(said)


def tags(known: Sequence[str], said: Sequence[str], gives: float | Trouble, **settings: Any) -> Edge:
    sides = ([tuple(row.split()) for row in column] for column in (known, said))
    return Edge(tuple(cells(side) for side in sides), gives, settings)


ORACLES = {
    "entity_f1": Oracle(
        entity_f1,
        tagged(),
        settings={
            "scheme": st.sampled_from(["lenient", "BIO", "BIOES"]),
            "average": st.sampled_from(["micro", "macro", "weighted"]),
        },
        edges=[
            tags([], [], gives=UndefinedByReference),
            tags(["O O"], ["B-PER O"], gives=UndefinedByReference),
            tags(["B-PER O"], ["O O"], gives=0),
            # the example of seqeval
            tags(
                ["O O O B-MISC I-MISC I-MISC O", "B-PER I-PER O"],
                ["O O B-MISC I-MISC I-MISC I-MISC O", "B-PER I-PER O"],
                gives=0.5,
            ),
            tags(["B-PER I-PER"], ["I-PER I-PER"], gives=1),
            tags(["B-PER I-PER"], ["I-PER I-PER"], gives=0, scheme="BIO"),
            tags(["B-PER E-PER"], ["B-PER I-PER"], gives=0, scheme="BIOES"),
            tags(["B-PER B-LOC B-LOC"], ["O B-LOC B-LOC"], gives=0.5, average="macro"),
            tags(["B-PER B-LOC B-LOC"], ["O B-LOC B-LOC"], gives=2 / 3, average="weighted"),
        ],
    ),
}
