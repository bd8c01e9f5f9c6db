"""Kaggle's custom metrics: ``score(solution, submission, row_id_column_name, …)``, once for each split."""

from typing import TYPE_CHECKING

from evaluators.programs import modules, tables
from evaluators.programs.results import Results
from evaluators.spec.task import Spec

if TYPE_CHECKING:
    from evaluators.programs.running import Places


def run(spec: Spec, places: "Places") -> Results:
    """One number for either split; rows are aligned by id, and the metric gets copies of its own.

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
    score = modules.function(modules.load(places.program), "score")
    given = {}
    for split, rows in known.parts.items():
        parts = [frame.iloc[rows].reset_index(drop=True).copy() for frame in (answers, found)]
        value = modules.call(score, *parts, spec.id, visible=True, **program.parameters)
        given[split] = {program.columns[0].keys[split]: value}
    return Results(given, known.rows)
