"""Kaggle's custom metrics: ``score(solution, submission, row_id_column_name, …)``, once for each split."""

from typing import TYPE_CHECKING, Any

from evaluators.programs import modules, tables
from evaluators.programs.results import Results
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS

if TYPE_CHECKING:
    from evaluators.programs.running import Places


def run(spec: Spec, places: "Places") -> Results:
    """One number for either split; rows are aligned by id, and the metric gets copies of its own.

    Its function ``figures`` gets the public rows alone, where the task lets it show some.

    Raises:
        Rejected: the table cannot be scored, or the metric tells participants why it does not take it.
        ReferenceTrouble, ProgramTrouble: the organizer's to mend.
    """
    program = spec.program
    assert program
    known = tables.solution(places.reference, spec.id, spec.split)
    handed_in = tables.only_file(places.handed_in)
    found = tables.submission(handed_in, spec.id, program.predictions, known).aligned(known.table.ids)
    answers = known.table.frame.drop(columns=[spec.split])
    module = modules.load(places.program)
    score = modules.function(module, "score")

    def of(split: str) -> list[Any]:
        rows = known.parts[split]
        parts = (frame.iloc[rows].reset_index(drop=True).copy() for frame in (answers, found))
        return [*parts, spec.id]

    given = {}
    for split in SPLITS:
        value = modules.call(score, *of(split), visible=True, **program.parameters)
        given[split] = {program.columns[0].keys[split]: value}

    def figures() -> Any:
        draw = modules.function(module, "figures")
        return modules.call(draw, *of(SPLITS[0]), **program.parameters)

    return Results(given, known.rows, figures)
