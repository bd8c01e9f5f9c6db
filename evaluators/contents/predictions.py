"""What a submission says: columns checked for one kind of metric, in the order of the submission."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from evaluators.contents import boxes, images, instances, masks, paths, texts, tracks
from evaluators.contents.answers import SUM_TOLERANCE, Answers
from evaluators.contents.classes import UNKNOWN
from evaluators.errors import EXAMPLES, Rejected, shown
from evaluators.formulas.blocks import blocks
from evaluators.formulas.guard import Array, Bools, Floats
from evaluators.spec.measures import Measure
from evaluators.tables import values

_BY_TEXT = (
    *("clusters", "paths", "masks", "images", "boxes", "instances", "tracks"),
    *(need for need in texts.NEEDS if need != "outcomes"),
)

LARGE = 1e100
"""Where a metric of numbers up to this has no value, their size is not the reason."""


def _beyond(known: Answers, said: Array) -> Bools:
    assert known.pixels is not None
    return masks.beyond(said, known.pixels)


def _instances_beyond(known: Answers, said: Array) -> Bools:
    assert known.pixels is not None
    return instances.beyond(said, known.pixels)


def _crowded(known: Answers, said: Array) -> Bools:
    assert known.groups is not None
    return tracks.in_crowds(said, known.groups)


# What rows are refused for that do not fit what the reference says of them.
_MISFITS: Mapping[str, tuple[str, Callable[[Answers, Array], Bools]]] = {
    "sequences": ("uneven_tags", lambda known, said: texts.uneven(known.values, said)),
    "masks": ("bad_masks", _beyond),
    "instances": ("bad_instances", _instances_beyond),
    "images": ("bad_images", lambda known, said: images.unlike(known.values, said)),
    "tracks": ("too_many_tracks", _crowded),
}
# What is no number, told apart by how it is written.
_WORDS = {
    "truth_values": r"(?i)^(true|false)$",
    "complex_values": r"^\(?[-+0-9.e]*[-+]?[0-9.e]+j\)?$",
    "decimal_commas": r"^[-+]?\d*,\d+$",
}


def number_columns(measures: Iterable[Measure], answers: Mapping[str, Answers]) -> set[str]:
    """Columns of which nothing but their numbers is asked: of labels, too, where all are integers."""
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for measure in measures:
        known = answers[measure.name]
        columns = known.columns or [known] * len(measure.predictions)
        for name, each in zip(measure.predictions, columns, strict=True):
            classes = each.classes if measure.info.needs in ("labels", "flags", "outcomes") else None
            by_text = measure.info.needs in _BY_TEXT or (classes and not classes.integers)
            asked[not by_text].add(name)
    return asked[True] - asked[False]


class Predictions:
    """The table of a submission; a column is parsed once, however many metrics read it."""

    def __init__(self, ids: pl.Series, columns: Mapping[str, pl.Series]) -> None:
        self._ids = ids
        self._columns = columns
        self._numbers: dict[str, Floats] = {}

    def of(self, measure: Measure, answers: Answers) -> Array:  # noqa: C901, PLR0911, PLR0912 by need
        """What the formula of this metric takes: codes or numbers, a matrix for classes and several targets.

        Raises:
            Rejected: no_values, not_numeric or one of its kinds, non_finite, not_probability, sum_not_one,
                unknown_labels, too_long, bad_masks, bad_images, bad_boxes, too_many_boxes, bad_tracks,
                too_many_instances or bad_instances.
        """
        if answers.columns:
            columns = zip(measure.columns, answers.columns, strict=True)
            return np.column_stack([self.of(each, known) for each, known in columns])
        if measure.info.needs in texts.NEEDS:
            return self._written(measure, answers)
        match measure.info.needs:
            case "labels":
                return self._labels(measure, answers)
            case "flags":
                return self._labels(measure, answers) > 0
            case "ratings":
                return self._ratings(measure)
            case "probabilities" | "distributions":
                return self._probabilities(measure)
            case "curves":
                return self._chances(measure)
            case "clusters":
                return self._clusters(measure)
            case "paths":
                return self._paths(measure)
            case "masks":
                return self._masks(measure)
            case "boxes":
                return self._boxes(measure)
            case "instances":
                return self._instances(measure)
            case "images":
                return self._images(measure)
            case "tracks":
                return self._tracks(measure)
            case _:
                return self._matrix(measure)

    def _labels(self, measure: Measure, answers: Answers) -> Array:
        assert answers.classes is not None
        column = self._columns[measure.predictions[0]]
        codes = answers.classes.codes(column)
        unknown = codes == UNKNOWN
        if unknown.any():
            self._refuse("no_values", _empty(column), column=column.name)
            self._refuse("unknown_labels", unknown, column=column.name)
        return codes

    def _ratings(self, measure: Measure) -> Array:
        self._refuse_where("unknown_labels", measure.predictions[0], lambda said: said != np.floor(said))
        return self._matrix(measure)

    def _probabilities(self, measure: Measure) -> Array:
        matrix = self._chances(measure)
        if matrix.ndim > 1:
            self._refuse("sum_not_one", np.abs(matrix.sum(axis=1) - 1) > SUM_TOLERANCE)
        return matrix

    def _chances(self, measure: Measure) -> Array:
        for name in measure.predictions:
            self._refuse_where("not_probability", name, lambda said: (said < 0) | (said > 1))
        return self._matrix(measure)

    def _clusters(self, measure: Measure) -> Array:
        column = self._columns[measure.predictions[0]]
        self._refuse("no_values", _empty(column), column=column.name)
        return values.texts(column).rank("dense").cast(pl.Int64).to_numpy() - 1

    def _paths(self, measure: Measure) -> Array:
        column = self._columns[measure.predictions[0]]
        found, unknown = paths.read(measure, column)
        self._refuse("no_values", _empty(column), column=column.name)
        self._refuse("unknown_labels", unknown, column=column.name)
        return found

    def _masks(self, measure: Measure) -> Array:
        found, wrong = masks.read(self._columns[measure.predictions[0]])
        self._refuse("bad_masks", wrong, column=measure.predictions[0])
        return found

    def _boxes(self, measure: Measure) -> Array:
        found, wrong = boxes.read(self._columns[measure.predictions[0]], scored=True)
        self._refuse("bad_boxes", wrong, column=measure.predictions[0])
        return found

    def _instances(self, measure: Measure) -> Array:
        column = self._columns[measure.predictions[0]]
        if instances.too_many(column):
            raise Rejected("too_many_instances", column=shown([column.name])[0], most=instances.MOST_IN_ALL)
        found, wrong = instances.read(column, scored=True)
        self._refuse("bad_instances", wrong, column=column.name)
        return found

    def _tracks(self, measure: Measure) -> Array:
        column = self._columns[measure.predictions[0]]
        if tracks.too_many_boxes(column):
            raise Rejected("too_many_boxes", column=shown([column.name])[0], most=tracks.MOST_IN_ALL)
        found, wrong = tracks.read(column)
        self._refuse("bad_tracks", wrong, column=column.name)
        return found

    def _images(self, measure: Measure) -> Array:
        found, wrong = images.read(self._columns[measure.predictions[0]])
        self._refuse("bad_images", wrong, column=measure.predictions[0])
        return found

    def _written(self, measure: Measure, answers: Answers) -> Array:
        """A text that is missing is an empty one, an outcome that is missing none that passes."""
        column = self._columns[measure.predictions[0]]
        if answers.classes is not None:
            return answers.classes.codes(column)
        self._refuse("too_long", texts.too_long(measure, column), column=column.name)
        if measure.info.needs != "sequences":
            return texts.plain(column)
        self._refuse("unknown_labels", texts.malformed(measure, column), column=column.name)
        return texts.parted(column)

    def check_lengths(self, measure: Measure, answers: Answers, predicted: Array, order: Array) -> None:
        """Hold each row, which are in this order of the submission, to what the reference says of it: tags to
        the number of its own, masks and pictures to their size, tracks to how many a sequence may have.

        Raises:
            Rejected: uneven_tags, bad_masks, bad_instances, bad_images or too_many_tracks.
        """
        if measure.info.needs not in _MISFITS:
            return
        for number, known in enumerate(answers.columns):
            own = replace(known, values=answers.values[:, number])
            self.check_lengths(measure.columns[number], own, predicted[:, number], order)
        if answers.columns:
            return
        code, misfits = _MISFITS[measure.info.needs]
        wrong = np.zeros(len(order), dtype=np.bool_)
        wrong[order] = misfits(answers, predicted)
        self._refuse(code, wrong, column=measure.predictions[0])

    def _matrix(self, measure: Measure) -> Array:
        columns = [self._number_column(name) for name in measure.predictions]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def _number_column(self, name: str) -> Floats:
        if name not in self._numbers:
            array = values.array(values.numbers(self._columns[name]))
            if not np.isfinite(array).all():
                self._refuse_numbers(name, array)
            self._numbers[name] = array
        return self._numbers[name]

    def _refuse_numbers(self, name: str, array: Floats) -> None:
        """Say of a column why not all of it is finite numbers, the first kind that occurs."""
        column = self._columns[name]
        empty = _empty(column)
        words = np.isnan(array) & ~empty
        written = values.texts(column)
        for code, pattern in _WORDS.items():
            self._refuse(
                code, words & written.str.contains(pattern).fill_null(value=False).to_numpy(), column=name
            )
        self._refuse("not_numeric", words, column=name)
        self._refuse("no_values", empty, column=name)
        self._refuse("non_finite", np.isinf(array), column=name)

    def refuse_large(self, measure: Measure) -> None:
        """Name what is too large to be compared, after a metric has found no score.

        Raises:
            Rejected: too_large_values.
        """
        for name in measure.predictions:
            numbers = self._numbers.get(name)
            if numbers is not None:
                self._refuse("too_large_values", np.abs(numbers) > LARGE, column=name)

    def _refuse_where(self, code: str, name: str, wrong: Callable[[Floats], Bools]) -> None:
        numbers = self._number_column(name)
        found = [wrong(numbers[block]) for block in blocks(numbers)]
        self._refuse(code, np.concatenate(found), column=name)

    def _refuse(self, code: str, wrong: Bools, **params: str) -> None:
        if wrong.any():
            first = values.texts(self._ids.gather(np.flatnonzero(wrong)[:EXAMPLES]))
            params = {key: shown([text])[0] for key, text in params.items()}
            raise Rejected(code, count=int(wrong.sum()), examples=shown(first), **params)


def _empty(column: pl.Series) -> Bools:
    """Nothing or NaN; pandas writes NaN as nothing, so that both are told as one."""
    empty = values.blank(column)
    if column.dtype == pl.String:
        empty |= column.str.contains(r"(?i)^\s*([-+]?nan)?\s*$").fill_null(value=False)
    elif column.dtype.is_float():
        empty |= column.is_nan().fill_null(value=False)
    return empty.to_numpy()
