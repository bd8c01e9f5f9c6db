"""Figures that programs of tables make, in real containers, as the pipeline hands them on."""

from pathlib import Path
from typing import Any

import pytest

from leitai import db
from leitai.competitions.bundle.loading import load_bundle
from leitai.scoring import checking
from leitai.scoring.parts import Parts
from leitai.scoring.work import Result
from tests.leitai.scoring import programs
from tests.leitai.scoring.test_programs import parts

__all__ = ["parts"]
pytestmark = pytest.mark.engine
TABLE = {"kind": "table", "name": "By shop", "columns": ["shop", "mae"], "rows": [["a", 0.5]]}
DRAWING = """

def figures(solution, submission, row_id_column_name, power=0):
    assert list(solution.columns) == ["id", "value"]
    off = (submission["value"] - solution["value"]).tolist()
    rows = [list(row) for row in zip(solution["id"], off)]
    return [{"kind": "examples", "name": f"off {power}", "columns": ["id", "by"], "rows": rows}]
"""


def result(parts: Parts, folder: Path, made: Any, handed_in: str) -> Result:
    """What becomes of a file where the task lets its program show figures."""
    file = folder / "off.csv"
    file.write_text(handed_in)
    evaluation, files = made
    baselines = [{"name": "off", "file": "off.csv"}]
    shown = {**evaluation, "figures": True}, files
    bundle = load_bundle(programs.write(folder, shown, baselines), db.now())
    task = bundle.tasks[0].spec
    return checking.try_file(bundle, task, task.phases[0], file, parts)


def test_a_kaggle_metric_is_asked_for_figures_of_public_rows(parts: Parts, tmp_path: Path) -> None:
    made = programs.kaggle(programs.KAGGLE + DRAWING, parameters={"power": 3})
    found = result(parts, tmp_path, made, programs.OFF)
    assert (found.public, found.private) == ({"Error": 1.0}, {"Error": 27.0})
    (figure,) = found.figures
    assert (figure["name"], figure["rows"]) == ("off 3", [["a", 1], ["d", -1]])


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ("", "The program has no function figures()."),
        ("\n\ndef figures(*given):\n    return [][0]\n", "The program raised IndexError: list index out"),
        ("\n\ndef figures(*given):\n    return [{'kind': 'cake'}]\n", "figures[0].kind is none of matrix"),
    ],
    ids=["none", "raises", "form"],
)
def test_a_metric_that_cannot_draw_still_scores_and_organizers_hear_why(
    parts: Parts, tmp_path: Path, figures: str, told: str
) -> None:
    found = result(parts, tmp_path, programs.kaggle(programs.KAGGLE + figures), programs.OFF)
    assert (found.public, found.figures) == ({"Error": 1.0}, ())
    assert found.stages[-1]["detail"].startswith(f"The figures were left out. {told}")


def test_metrics_of_hugging_face_return_them_beside_their_scores(parts: Parts, tmp_path: Path) -> None:
    text = programs.HUGGINGFACE.replace("found = {}", f"found = {{'figures': [{TABLE!r}]}}")
    found = result(parts, tmp_path, programs.huggingface(text), "id,value\nb,5\na,2\nd,4\n")
    assert found.figures == (TABLE,)
