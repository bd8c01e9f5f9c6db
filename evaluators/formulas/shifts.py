"""The fewest edits that make a reference of a text, where moving a run of words is one edit as well.

The search is that of tercom (Snover et al. 2006), with the limits and the beam of sacrebleu: which shifts are
tried, and in what order, decides the digits. Here all candidates of a round are compared at once.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from evaluators.formulas.effort import Effort

LONGEST_RUN = 10
FARTHEST = 50
MOST_CANDIDATES = 1000
BEAM = 25
# What a word takes beside its distances: to be aligned, and to be looked for elsewhere.
STEPS_OF_WORD = 3000

Codes = NDArray[np.int32]
_NEVER = 1 << 29


def edits(text: Sequence[str], reference: Sequence[str], effort: Effort) -> int:
    """Shifts, and the edit distance that they leave.

    Raises:
        TooMuchWork: that takes more than is left of the effort.
    """
    if not reference or not text:
        return max(len(text), len(reference))
    codes: dict[str, int] = {}
    wanted, words = (
        np.array([codes.setdefault(word, len(codes)) for word in side], dtype=np.int32)
        for side in (reference, text)
    )
    shifted = tried = 0
    while True:
        effort.spend(_steps(words, wanted, 1))
        aligned = _align(words, wanted)
        if not aligned.distance:
            break
        candidates = _candidates(words, wanted, aligned, MOST_CANDIDATES - tried)
        tried += len(candidates)
        if not candidates or tried >= MOST_CANDIDATES:
            break
        effort.spend(_steps(words, wanted, len(candidates)))
        gain, best = _best(words, wanted, aligned.distance, candidates)
        if gain <= 0:
            break
        shifted, words = shifted + 1, best
    return shifted + aligned.distance


def _steps(words: Codes, wanted: Codes, texts: int) -> int:
    """What it takes to compare so many texts with the reference."""
    return len(words) * (STEPS_OF_WORD + texts * min(2 * _beam(words, wanted), len(wanted) + 1))


def _beam(words: Codes, wanted: Codes) -> int:
    """How far from the diagonal distances are worked out."""
    half = len(wanted) / len(words) / 2
    return BEAM if half <= BEAM else math.ceil(half + BEAM)


@dataclass(frozen=True)
class _Aligned:
    """An edit distance, for each word of the reference its place in the text, and where both are wrong.

    Errors are sums up to each place.
    """

    distance: int
    places: list[int]
    text_errors: list[int]
    reference_errors: list[int]


@dataclass(frozen=True)
class _Shift:
    """``length`` words from ``start`` go to ``target``."""

    length: int
    start: int
    target: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """Among equal gains the longest is taken, then the first one, to the first place."""
        return self.length, -self.start, -self.target

    def of(self, words: Codes) -> Codes:
        """The words once they are moved."""
        run = words[self.start : self.start + self.length]
        rest = np.delete(words, slice(self.start, self.start + self.length))
        beyond = self.target > self.start + self.length
        place = self.target - self.length if beyond else self.target
        return np.concatenate([rest[:place], run, rest[place:]])


def _best(words: Codes, wanted: Codes, distance: int, candidates: Sequence[_Shift]) -> tuple[int, Codes]:
    """What the best shift gains, and the words after it."""
    shifted = np.stack([shift.of(words) for shift in candidates])
    *_, (_, _, last) = _rows(shifted, wanted)
    gains = distance - last[:, -1]
    most = int(gains.max())
    best = max(np.flatnonzero(gains == most).tolist(), key=lambda number: candidates[number].rank)
    return most, shifted[best]


def _candidates(words: Codes, wanted: Codes, aligned: _Aligned, most: int) -> list[_Shift]:
    """Shifts of what stands somewhere in the reference, where both sides are wrong; ``most`` or few more."""
    found: list[_Shift] = []
    for start, place, length in _shared_runs(words.tolist(), wanted.tolist(), aligned):
        if start <= aligned.places[place] < start + length:
            continue
        found += [_Shift(length, start, target) for target in _targets(aligned.places, place, length)]
        if len(found) >= most:
            break
    return found


def _targets(places: Sequence[int], place: int, length: int) -> Iterator[int]:
    """Before the run of the reference and after each of its words, as far as these lie apart in the text."""
    last = -1
    for number in range(place - 1, min(place + length, len(places))):
        target = places[number] + 1 if number >= 0 else 0
        if target != last:
            yield target
        last = target


def _shared_runs(
    words: Sequence[int], wanted: Sequence[int], aligned: _Aligned
) -> Iterator[tuple[int, int, int]]:
    """Runs on both sides with an error in each: start, place in the reference and length, the short first."""
    wrong, missing = aligned.text_errors, aligned.reference_errors
    for start in range(len(words)):
        if wrong[min(start + LONGEST_RUN, len(words))] == wrong[start]:
            continue
        for place in range(max(0, start - FARTHEST), min(len(wanted), start + FARTHEST + 1)):
            most = min(LONGEST_RUN, len(words) - start, len(wanted) - place)
            if words[start] != wanted[place] or missing[place + most] == missing[place]:
                continue
            for length in range(1, most + 1):
                if words[start + length - 1] != wanted[place + length - 1]:
                    break
                if wrong[start + length] > wrong[start] and missing[place + length] > missing[place]:
                    yield start, place, length


def _align(words: Codes, wanted: Codes) -> _Aligned:
    """Replacing is preferred to leaving out, and that to adding."""
    table = np.full((len(words) + 1, len(wanted) + 1), _NEVER, dtype=np.int32)
    table[0] = np.arange(len(wanted) + 1)
    for row, (low, high, costs) in enumerate(_rows(words[np.newaxis], wanted), 1):
        table[row, low:high] = costs[0, low:high]
    places, text_errors, reference_errors = [], [], []
    row, column = len(words), len(wanted)
    while row or column:
        cost = table[row, column]
        differs = bool(row and column and words[row - 1] != wanted[column - 1])
        if row and column and cost == table[row - 1, column - 1] + differs:
            row, column = row - 1, column - 1
            places.append(row)
            text_errors.append(differs)
            reference_errors.append(differs)
        elif row and cost == table[row - 1, column] + 1:
            row -= 1
            text_errors.append(True)
        else:
            column -= 1
            places.append(row - 1)
            reference_errors.append(True)
    return _Aligned(int(table[-1, -1]), places[::-1], _sums(text_errors), _sums(reference_errors))


def _sums(errors: Sequence[bool]) -> list[int]:
    return list(accumulate(reversed(errors), initial=0))


def _rows(texts: Codes, wanted: Codes) -> Iterator[tuple[int, int, Codes]]:
    """Row by row, the distances of each beginning of several texts to those of the reference.

    A row holds from low to high; farther from the diagonal nothing is worked out.
    """
    count, length = texts.shape
    ratio = len(wanted) / length
    beam = _beam(texts[0], wanted)
    columns = np.arange(len(wanted) + 1, dtype=np.int32)
    before = np.tile(columns, (count, 1))
    costs = np.full_like(before, _NEVER)
    for row in range(1, length + 1):
        middle = math.floor(row * ratio)
        low, high = max(0, middle - beam), min(len(wanted) + 1, middle + beam)
        if row == length:
            high = len(wanted) + 1
        part = before[:, low:high] + 1
        first = max(low, 1)
        differs = texts[:, row - 1 : row] != wanted[first - 1 : high - 1]
        inner = part[:, first - low :]
        np.minimum(inner, before[:, first - 1 : high - 1] + differs, out=inner)
        part -= columns[low:high]
        costs[:, low:high] = np.minimum.accumulate(part, axis=1) + columns[low:high]
        if low:  # what an older row left there
            costs[:, low - 1] = _NEVER
        yield low, high, costs
        before, costs = costs, before
