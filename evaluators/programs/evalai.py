"""EvalAI's evaluation scripts: a package with ``evaluate(test_annotation_file, user_annotation_file, …)``."""

import importlib
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluators.programs import modules, tables
from evaluators.programs.results import ProgramTrouble, Results
from evaluators.programs.spec import Codenames
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS

if TYPE_CHECKING:
    from evaluators.programs.running import Places

# As EvalAI's own workers name it.
PACKAGE = "challenge_data.challenge_1"


def run(spec: Spec, places: "Places") -> Results:
    """The labels of the two splits that the task names for its phase.

    Raises:
        ReferenceTrouble, ProgramTrouble: the organizer's to mend.
    """
    assert spec.program
    (phase,) = spec.program.phases.values()
    handed_in = tables.only_file(places.handed_in)
    annotation = tables.only_file(places.reference)
    metadata = {"input_file": str(handed_in), "status": "running", "method_name": ""}
    given = modules.call(
        _evaluate(places.program),
        str(annotation),
        str(handed_in),
        phase.codename,
        submission_metadata=metadata,
    )
    found = _splits(given, phase)
    scores = {split: _labels(found, getattr(phase, split)) for split in SPLITS}
    return Results(scores, figures=lambda: given.get("figures"))


def _evaluate(folder: Path) -> Callable[..., Any]:
    """The script's function, with the package under the name that it has on EvalAI."""
    if not (folder / "__init__.py").is_file():
        return modules.function(modules.load(folder, "main"), "evaluate")
    home = Path(tempfile.mkdtemp())
    place = home.joinpath(*PACKAGE.split("."))
    place.parent.mkdir()
    place.symlink_to(folder, target_is_directory=True)
    sys.path[:0] = [str(home)]
    sys.path.append(str(folder))
    return modules.function(modules.call(importlib.import_module, PACKAGE), "evaluate")


def _splits(given: Any, phase: Codenames) -> dict[str, Any]:
    """Raises ProgramTrouble: there is no result, or one of a split that the phase does not have."""
    result = given.get("result") if isinstance(given, Mapping) else None
    if not isinstance(result, list) or not all(isinstance(row, Mapping) for row in result):
        raise ProgramTrouble('evaluate() returned no list under "result".')
    found = {str(codename): labels for row in result for codename, labels in row.items()}
    if unknown := sorted(set(found) - {phase.public, phase.private, *phase.others}):
        raise ProgramTrouble(f"evaluate() returned a split that is none of the phase's: {unknown[0][:60]!r}.")
    return found


def _labels(found: Mapping[str, Any], codename: str) -> Mapping[str, Any]:
    labels = found.get(codename)
    if not isinstance(labels, Mapping):
        raise ProgramTrouble(f"evaluate() returned nothing for the split {codename!r}.")
    return labels
