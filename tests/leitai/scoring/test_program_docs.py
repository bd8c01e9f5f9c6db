"""The examples of docs/organizers/programs.md are those that are tried."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from leitai import db
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.bundle.programs import METADATA
from leitai.competitions.limits import UNITS
from leitai.scoring import stages
from leitai.settings import Settings
from tests.leitai.scoring import programs

PAGE = (Path(__file__).parents[3] / "docs/organizers/programs.md").read_text(encoding="utf-8")
EXAMPLES = {
    kind: yaml.safe_load(text)["evaluation"]
    for kind, text in re.findall(r"```yaml (\w+)\n(.*?)```", PAGE, re.S)
}
CODE = {"kind": "code", "phase": {"input": "input"}}
INGESTION = {"ingestion_program/metadata": programs.INGEST, "input/questions.json": "{}"}


@pytest.mark.parametrize("name", ["kaggle", "codabench", "evalai", "huggingface", "ingestion"])
def test_every_example_is_a_task_that_can_be_applied(
    settings_of_test: Settings, tmp_path: Path, name: str
) -> None:
    kind = "codabench" if name == "ingestion" else name
    _, files = getattr(programs, kind)()
    more: dict[str, Any] = CODE if name == "ingestion" else {}
    made = EXAMPLES[name], files | (INGESTION if name == "ingestion" else {})
    bundle = load_bundle(programs.write(tmp_path, made, [], **more), db.now())
    assert bundle.tasks[0].spec.evaluation["program"]["kind"] == kind


def test_the_page_names_every_limit_and_the_usual_ones() -> None:
    assert "5 minutes, 4 GB of memory, one core and 1 GB of files" in PAGE
    usual = stages.SCORING_LIMITS
    assert (usual.wall_s, usual.memory_bytes, usual.cpus, usual.work_bytes) == (300, 4e9, 1, 1e9)
    assert all(f"`{name}`" in PAGE for name in (*UNITS, "cpus", "processes", "open_files", *METADATA))
