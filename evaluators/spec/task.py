"""The `evaluation` key of a task, checked and made into values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.efficiency import Usage
from evaluators.errors import SpecError
from evaluators.formats import SUFFIXES, suffix
from evaluators.programs.spec import Program, parse_program
from evaluators.spec.combining import Combination
from evaluators.spec.figures import Figures, check_number, parse_figures
from evaluators.spec.given import Given
from evaluators.spec.handed_in import parse_files
from evaluators.spec.ids import Ids, parse_ids
from evaluators.spec.measures import Measure
from evaluators.spec.scores import Score, in_order, parse_lists, parse_scores
from evaluators.uncertainty.settings import Uncertainty, parse_uncertainty

_KEYS = ("id", "ids", "split", "file", "metrics", "uncertainty", "figures")
_MAY_BE_EMPTY = ("masks", "boxes", "instances", "tracks")


@dataclass(frozen=True)
class Spec:
    """What is compared with what: the column of ids, the column that says public or private, the metrics.

    A program stands in place of metrics; one that reads no table has neither of the two columns. A submission
    of several ``files`` has for each what it is compared with, and here the scores of all.
    """

    id: str
    split: str
    scores: tuple[Score, ...]
    program: Program | None = None
    ids: Ids = "text"
    uncertainty: Uncertainty | None = None
    files: Mapping[str, "Spec"] = field(default_factory=dict)
    figures: Figures = field(default_factory=dict)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The metrics."""
        return tuple(score for score in self.scores if isinstance(score, Measure))

    @property
    def usages(self) -> tuple[Usage, ...]:
        """What is measured of a run."""
        return tuple(score for score in self.scores if isinstance(score, Usage))

    @property
    def combinations(self) -> list[Combination]:
        """What is made of them here, each after what it is made of; the board makes the rest."""
        return [score for score in in_order(self.scores) if not score.on_board]

    @property
    def answer_columns(self) -> list[str]:
        """What the reference must have."""
        named = (name for measure in self.measures for _, name in measure.answer_columns)
        return _once([self.id, self.split, *named])

    @property
    def columns_with_gaps(self) -> set[str]:
        """Those where an empty cell says that a row has fewer references than others, or nothing to find."""
        several = [measure.targets for measure in self.measures if measure.info.references]
        gaps = {name for targets in several if len(targets) > 1 for name in targets}
        found = [measure.targets for measure in self.measures if measure.info.needs in _MAY_BE_EMPTY]
        return gaps.union(*found)

    @property
    def prediction_columns(self) -> list[str]:
        """What a submission must have."""
        own = self.program.predictions if self.program else ()
        return _once([self.id, *own, *(name for measure in self.measures for name in measure.predictions)])


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))


def parse(spec: Any) -> Spec:
    """The specification as values.

    Raises:
        SpecError: it cannot be used; the first problem is told.
    """
    if not isinstance(spec, Mapping):
        raise SpecError("is not a mapping.", "Write id, split and metrics.")
    given = Given(spec)
    if "program" in spec:
        return _with_program(given)
    if "files" in spec:
        return _with_files(given)
    given.check_keys(_KEYS)
    key, split = _row_columns(given)
    _check_file(given)
    scores = parse_scores(spec.get("metrics"))
    for number, score in enumerate(scores):
        if isinstance(score, Measure):
            _check_columns(score, {key: "ids", split: "splits"}, f"metrics[{number}]")
    found = Spec(key, split, scores, ids=parse_ids(given), uncertainty=parse_uncertainty(given))
    found = replace(found, figures=parse_figures(given, found.measures))
    check_number([found.figures])
    return found


def _with_program(given: Given) -> Spec:
    program = parse_program(given.values)
    rows = ("id", "split") if program.of_tables else ()
    file = () if program.kind == "codabench" else ("file",)
    given.check_keys((*rows, *file, "program", "columns", "figures"))
    if file:
        _check_file(given, program.accepts)
    columns = _row_columns(given) if rows else ("", "")
    return Spec(*columns, scores=program.usages, program=program)


def _with_files(given: Given) -> Spec:
    given.check_keys(("files", "metrics", "uncertainty"))
    uncertainty = parse_uncertainty(given)
    files = parse_files(given)
    own = [("metrics", given.values["metrics"])] if "metrics" in given.values else []
    lists = own + [(each.at("metrics"), each.values.get("metrics")) for each in files.values()]
    found = parse_lists([(metrics, place) for place, metrics in lists])
    compared = found[len(own) :]
    for number, score in enumerate(found[0] if own else ()):
        if isinstance(score, Measure):
            remedy = "Write it under the file that it compares; here stands what is made of several."
            raise SpecError("is compared with no file.", remedy, f"metrics[{number}]")
    specs = {
        name: replace(_of_file(each, scores), uncertainty=uncertainty)
        for (name, each), scores in zip(files.items(), compared, strict=True)
    }
    check_number([each.figures for each in specs.values()])
    every = tuple(score for scores in found for score in scores)
    return Spec("", "", every, uncertainty=uncertainty, files=specs)


def _of_file(given: Given, scores: Sequence[Score]) -> Spec:
    given.check_keys(("id", "ids", "split", "metrics", "figures"))
    key, split = _row_columns(given)
    for number, score in enumerate(scores):
        if isinstance(score, Measure):
            _check_columns(score, {key: "ids", split: "splits"}, given.at(f"metrics[{number}]"))
    measures = tuple(score for score in scores if isinstance(score, Measure))
    figures = parse_figures(given, measures)
    return Spec(key, split, measures, ids=parse_ids(given), figures=figures)


def _row_columns(given: Given) -> tuple[str, str]:
    key = given.column("id", "the column that names a row, like id: id")
    split = given.column("split", "the column that says public or private, like split: split")
    if key == split:
        raise given.error("split", f"{split!r} is the column of ids.", "Name another column.")
    return key, split


def _check_file(given: Given, suffixes: Sequence[str] = SUFFIXES) -> None:
    if "file" not in given.values:
        return
    name = given.values["file"]
    if not isinstance(name, str) or not name.isprintable() or {"/", "\\"} & set(name):
        remedy = "Write one without folders, like predictions.csv."
        raise given.error("file", f"{name!r} is no plain file name.", remedy)
    if suffix(name) not in suffixes:
        known = " or ".join(filter(None, (", ".join(suffixes[:-1]), suffixes[-1])))
        raise given.error(
            "file", f"{name!r} is the name of no table.", f"Choose a name that ends in {known}."
        )


def _check_columns(measure: Measure, taken: Mapping[str, str], place: str) -> None:
    """Raises SpecError: a metric compares ids or splits."""
    for key, name in [*measure.answer_columns, *(("prediction", name) for name in measure.predictions)]:
        if name in taken:
            problem = f"{name!r} is the column of {taken[name]}."
            raise SpecError(problem, "Name another column.", f"{place}.{key}")
