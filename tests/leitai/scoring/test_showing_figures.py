"""Figures below the scores of `leitai evaluate`: what a terminal can show, and all of them as JSON."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from rich.console import Console

from leitai.cli import leitai
from leitai.scoring import showing_figures
from tests.leitai.competitions import bundles

REFERENCE = "id,split,value,kind\na,public,1,x\nb,public,5,y\nc,private,2,x\nd,public,1,x\ne,private,3,y\n"
GUESS = "id,value,kind,chance\na,1,x,0.1\nb,2,x,0.2\nc,4,y,0.5\nd,1,x,0.7\ne,3,y,0.9\n"
METRICS = [
    {"metric": "rmse", "target": "value"},
    {"metric": "accuracy", "target": "kind"},
    {"metric": "roc_auc", "target": "kind", "prediction": "chance", "positive": "y"},
]


def evaluated(folder: Path, *options: str) -> str:
    evaluation = {"id": "id", "split": "split", "metrics": METRICS}
    names = ["confusion", "per_class", "roc", "residuals", "examples"]
    phase = bundles.phase("first", "-1 d", "+10 d", reference="hidden/first.csv")
    task = bundles.task(evaluation={**evaluation, "figures": names}, phases=[phase])
    place = bundles.write(folder / "bundle", bundles.competition(task), {"hidden/first.csv": REFERENCE})
    guess = folder / "guess.csv"
    guess.write_text(GUESS)
    result = CliRunner().invoke(leitai, ["evaluate", str(place), str(guess), *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_has_the_figures_as_the_api_has_them(tmp_path: Path) -> None:
    found = json.loads(evaluated(tmp_path, "--json"))
    assert [(figure["of"], figure["name"]) for figure in found["figures"]] == [
        ("rmse", "residuals"),
        ("rmse", "examples"),
        ("accuracy", "confusion"),
        ("accuracy", "per_class"),
        ("roc_auc", "roc"),
    ]
    assert found["figures"][2]["counts"] == [[2, 0], [1, 0]]
    assert found["notes"] == ""


def test_tables_and_bars_stand_below_the_scores(tmp_path: Path) -> None:
    lines = [" ".join(line.split()) for line in evaluated(tmp_path).splitlines()]
    below = lines[lines.index("Residuals (rmse)") :]
    assert below[1:3] == ["Prediction less answer Rows", "-3.05 … -2.95 1 " + "█" * 20]
    for line in (
        "Worst predictions (rmse)",
        "b 2",
        "Confusion matrix (accuracy)",
        "x 2 0",
        "y 1 0",
        "Class Rows Precision Recall F1",
        "x 2 0.6667 1 0.8",
        "ROC curve (roc_auc): 4 points, written by --json.",
    ):
        assert line in below, line


def printed(*figures: dict[str, Any]) -> str:
    written = StringIO()
    showing_figures.show(Console(file=written, width=100), figures)
    return written.getvalue()


def test_what_others_wrote_is_text_and_long_tables_end_early() -> None:
    rows: list[list[Any]] = [["[red]a[/red]", None], *([str(n), n] for n in range(30))]
    text = printed(
        {
            "kind": "table",
            "name": "own",
            "title": {"en": "Shops", "zh": "门店"},
            "columns": ["s", "n"],
            "rows": rows,
        }
    )
    assert "Shops" in text
    assert "[red]a[/red]" in text
    assert "–" in text
    assert "18" in text
    assert "19" not in text
    assert "…" in text


def test_a_matrix_names_those_that_share_a_row() -> None:
    matrix = {"kind": "matrix", "name": "m", "labels": ["a", ""], "counts": [[1, 2], [0, 4]], "others": True}
    assert printed(matrix).splitlines()[-1].split() == ["All", "others", "0", "4"]
