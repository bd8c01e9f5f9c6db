"""A Codabench bundle as a bundle of ours: version 2; `codabench_old` first renames the keys of version 1."""

from collections.abc import Sequence
from pathlib import Path

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign import codabench_old, moving
from leitai.competitions.foreign.codabench_columns import read_columns
from leitai.competitions.foreign.codabench_parts import Parts
from leitai.competitions.foreign.codabench_task import TaskMaking
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.returning import restore
from leitai.competitions.foreign.unpacking import Source
from leitai.competitions.foreign.values import Given, read_foreign
from leitai.competitions.foreign.writing import slug, write_bundle

NOT_HERE = {
    "registration_auto_approve": "whoever enters takes part at once; there is no approval",
    "queue": "every worker scores every task",
    "fact_sheet": "teams are not asked for more than their file and a message",
    "enable_detailed_results": "what a program draws is not shown",
    "forum_enabled": "there is no forum",
    "can_participants_make_submissions_public": "submissions stay with their team",
    "make_programs_available": "programs are not given to teams; list them under data to do so",
    "auto_run_submissions": "submissions run at once",
    "contact_email": "name organizers by the address of their account",
    "image": "tasks have no picture",
}


def import_codabench(source: Source, folder: Path, report: Report) -> None:
    """Write the bundle into ``folder``.

    Raises:
        BundleError: it cannot be used here.
    """
    root = _root(source.root)
    source.root = root
    document = read_foreign(root / NAME, NAME, report)
    if str(document.get("version", "1")) != "2":
        document = codabench_old.renamed(document, report)
    given = Given(document, NAME)
    _write(source, given, folder, report)
    restore(folder, document)


def _root(folder: Path) -> Path:
    if (folder / NAME).is_file():
        return folder
    found = [path.parent for path in sorted(folder.glob(f"*/{NAME}"))]
    if len(found) != 1:
        raise refused(folder.name, "", f"has no {NAME} at its top.", "Name the bundle's own folder or zip.")
    return found[0]


def _write(source: Source, given: Given, folder: Path, report: Report) -> None:
    title = given.required("title")
    parts = Parts(source, given, report)
    phases = parts.phases()
    groups = parts.groups(phases)
    making = TaskMaking(parts, read_columns(given, report), title, folder, report)
    taken: set[str] = set()
    tasks = [making.make(group, len(groups), taken) for group in groups]
    every = [phase for task in tasks for phase in task.document["phases"]]
    edition = moving.edition(slug(title, "competition"), title, given.text("description", title), every)
    write_bundle(folder, edition, tasks)
    _told(given, phases, report)


def _told(given: Given, phases: Sequence[Given], report: Report) -> None:
    for key, why in NOT_HERE.items():
        if given.has(key) and given.text(key).lower() not in {"false", "no"}:
            report.changed(f"{NAME}: {key}", f"was left out: {why}.")
    for phase in phases:
        if phase.flag("auto_migrate_to_this_phase"):
            told = "nothing is handed in again by itself: teams hand in what they want to have scored."
            report.changed(f"{NAME}: {phase.at('auto_migrate_to_this_phase')}", told)
        if phase.flag("hide_output") or phase.flag("hide_prediction_output"):
            told = "is what `logs: error-class` does, the rule for code here."
            report.taken(f"{NAME}: {phase.at('hide_output')}", told)
        if phase.flag("hide_score_output"):
            told = "scores of the public part are always shown; keep the private part for what is hidden."
            report.changed(f"{NAME}: {phase.at('hide_score_output')}", told)
    report.taken(f"{NAME}: phases", f"{len(phases)}, with their dates and limits of submissions.")
