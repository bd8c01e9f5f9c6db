"""Figures that programs make: taken where the task says so, of public rows, held to their form."""

import json
from typing import Any

import pytest

from evaluators.errors import SpecError
from evaluators.figures.kinds import Figure, checked
from evaluators.programs.running import Places
from evaluators.spec.task import parse
from tests.evaluators.programs.test_adapters import places, run
from tests.leitai.scoring import programs

__all__ = ["places"]
Made = tuple[dict[str, Any], dict[str, str]]
TABLE: Figure = {"kind": "table", "name": "By shop", "columns": ["shop", "mae"], "rows": [["a", 0.5]]}


def showing(made: Made) -> Made:
    return {**made[0], "figures": True}, made[1]


def writing(figures: str) -> str:
    return (
        "import sys\n"
        "open(sys.argv[2] + '/scores.json', 'w').write('{\"acc\": 1, \"right\": 2}')\n"
        f"open(sys.argv[2] + '/figures.json', 'w').write({figures!r})\n"
    )


def test_codabench_programs_write_a_file_beside_their_scores(places: Places) -> None:
    found = run(places, showing(programs.codabench(writing(json.dumps([TABLE])))))
    assert (found["figures"], found["notes"]) == ([TABLE], [])


def test_without_the_key_nothing_is_taken_and_without_a_file_nothing_is_said(places: Places) -> None:
    found = run(places, programs.codabench(writing(json.dumps([TABLE]))))
    assert ("figures" in found, found["notes"]) == (False, [])
    found = run(places, showing(programs.codabench(writing("x").rpartition("open")[0])))
    assert ("figures" in found, found["notes"]) == (False, [])


def test_of_two_runs_the_one_with_the_public_reference_is_shown(places: Places) -> None:
    evaluation, files = programs.codabench(splits="folders")
    files |= {"reference/public/which": "public", "reference/private/which": "private"}
    rows = "[[open('/'.join([sys.argv[1], 'ref', 'which'])).read()]]"
    files["scoring_program/score.py"] = (
        "import json, sys\n"
        "json.dump({'acc': 1, 'right': 2}, open(sys.argv[2] + '/scores.json', 'w'))\n"
        f"table = {{'kind': 'table', 'name': 't', 'columns': ['of'], 'rows': {rows}}}\n"
        "json.dump([table], open(sys.argv[2] + '/figures.json', 'w'))\n"
    )
    assert run(places, showing((evaluation, files)))["figures"][0]["rows"] == [["public"]]


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (json.dumps([{**TABLE, "kind": "cake"}]), "figures[0].kind is none of matrix, curve"),
        (json.dumps(TABLE), "figures is no list."),
        (json.dumps([TABLE]).replace("0.5", "NaN"), "figures[0].rows[0][1] is no finite number."),
        ("[", "They cannot be read: Expecting value"),
        ("[" * 100_000, "They cannot be read: maximum recursion depth"),
        (json.dumps([TABLE]) + " " * 1_000_000 + "x", ""),
        (json.dumps([TABLE | {"name": "x" * 1_000_000}]), "They cannot be read: Unterminated string"),
    ],
    ids=["kind", "no list", "nan", "broken", "deep", "padded", "large"],
)
def test_unusable_figures_are_left_out_with_a_word_and_scores_stand(
    places: Places, figures: str, told: str
) -> None:
    found = run(places, showing(programs.codabench(writing(figures))))
    assert found["scores"]["public"] == {"Accuracy": 1.0, "Right": 2.0}
    assert found.get("figures", []) == ([] if told else [TABLE])
    assert [note.startswith(f"The figures were left out. {told}") for note in found["notes"]] == (
        [True] if told else []
    )


def test_evalai_scripts_return_them_beside_their_scores(places: Places) -> None:
    drawn = f"'submission_result': 'done', 'figures': [{TABLE!r}]"
    text = programs.EVALAI.replace('"submission_result": "done"', drawn)
    evaluation, files = programs.evalai(text)
    found = run(places, showing((evaluation, files)), answer="{}")
    assert checked(found["figures"]) == [TABLE]


def test_which_figures_a_program_makes_is_not_listed() -> None:
    evaluation, _ = showing(programs.codabench())
    with pytest.raises(SpecError) as refused:
        parse({**evaluation, "figures": ["confusion"]})
    assert refused.value.key == "figures"
    assert "neither true nor false" in refused.value.problem
