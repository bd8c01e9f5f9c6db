"""Metrics of Hugging Face competitions: ``compute(params)`` fetches its files by their names in a hub."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from evaluators.programs import modules, tables
from evaluators.programs.results import ProgramTrouble, Results
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS

if TYPE_CHECKING:
    from evaluators.programs.running import Places

TEAM, SUBMISSION = "team", "submission"


def run(spec: Spec, places: "Places") -> Results:
    """The scores of both splits, which the metric tells apart by itself.

    Raises:
        Rejected: the table lacks columns or ids.
        ReferenceTrouble, ProgramTrouble: the organizer's to mend.
    """
    assert spec.program
    known = tables.solution(places.reference, spec.id, spec.split)
    handed_in = tables.only_file(places.handed_in)
    tables.submission(handed_in, spec.id, spec.program.predictions, known)
    _offer({"solution.csv": tables.only_file(places.reference), _submission_name(): handed_in})
    compute = modules.function(modules.load(places.program), "compute")
    found = modules.call(compute, _params(spec, len(known.table.ids)))
    scores = {split: _part(found, f"{split}_score") for split in SPLITS}
    return Results(scores, known.rows, lambda: found.get("figures"))


def _submission_name() -> str:
    return f"submissions/{TEAM}-{SUBMISSION}.csv"


def _params(spec: Spec, rows: int) -> SimpleNamespace:
    assert spec.program
    usual = {
        "competition_id": "competition",
        "competition_type": "generic",
        "metric": "custom",
        "token": "",
        "team_id": TEAM,
        "submission_id": SUBMISSION,
        "submission_id_col": spec.id,
        "submission_cols": [spec.id, *spec.program.predictions],
        "submission_rows": rows,
        "output_path": "/tmp",  # noqa: S108 the container's own
        "submission_repo": "",
        "time_limit": 0,
        "dataset": "",
    }
    return SimpleNamespace(**{**usual, **spec.program.parameters})


def _offer(files: Mapping[str, Path]) -> None:
    """Stand in for the hub's client: there is no network, and what it would fetch is here."""

    def hf_hub_download(repo_id: str = "", filename: str = "", **_: Any) -> str:
        if filename not in files:
            raise FileNotFoundError(f"{filename} of {repo_id}: there are {', '.join(files)}, and no network")
        return str(files[filename])

    hub = ModuleType("huggingface_hub")
    hub.hf_hub_download = hf_hub_download  # type: ignore[attr-defined]  # that is how a module gets one
    sys.modules["huggingface_hub"] = hub


def _part(found: Any, key: str) -> Mapping[str, Any]:
    part = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(part, Mapping):
        raise ProgramTrouble(f"compute() returned no mapping under {key}.")
    return part
