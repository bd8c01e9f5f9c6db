"""`leitai export codabench`: a bundle of version 2, which gives the same bundle when it is imported again."""

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from leitai.competitions.bundle.archives import EPOCH
from leitai.competitions.bundle.loading import NAME, Bundle, LoadedTask, load_bundle
from leitai.competitions.bundle.yaml_reader import read_yaml
from leitai.competitions.foreign.exported_task import Exported, export_task
from leitai.competitions.foreign.exported_values import comparable, pages_of, png
from leitai.competitions.foreign.importing import import_bundle
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.returning import KEY, difference
from leitai.competitions.foreign.writing import Document, write_yaml

LISTS = ("phases", "baselines", "data")
REQUIRED = ("title", "image", "terms", "pages", "tasks", "phases", "leaderboards")


def export_codabench(path: Path, target: Path, now: datetime, task: str = "") -> Report:
    """Write the zip, which is new.

    Raises:
        BundleError: the bundle has problems, or cannot be said in that format.
    """
    bundle = load_bundle(path, now)
    if target.exists():
        raise refused(str(target), "", "is there already.", "Name another file with -o, or remove it.")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="leitai-export-") as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        loaded = _chosen(bundle, task)
        document = _document(bundle, loaded, folder, report)
        write_yaml(folder / NAME, document)
        kept = _kept(bundle, loaded, folder, Path(scratch) / "again", now)
        write_yaml(folder / NAME, {**document, KEY: kept})
        _zip(folder, target)
    return report


def _chosen(bundle: Bundle, slug: str) -> list[LoadedTask]:
    found = [loaded for loaded in bundle.tasks if slug in {"", loaded.spec.slug}]
    if not found:
        names = ", ".join(loaded.spec.slug for loaded in bundle.tasks)
        raise refused(NAME, "tracks", f"{slug!r} is no task.", f"Choose one with --task: {names}.")
    first, *others = found
    for other in others:
        if _shared(other) != _shared(first):
            problem = f"{first.spec.slug} and {other.spec.slug} have other phases or other scores"
            remedy = "A Codabench bundle has one row of phases and one board: choose a task with --task."
            raise refused(NAME, "tracks", f"{problem}.", remedy)
    return found


def _shared(loaded: LoadedTask) -> object:
    phases = [
        (phase.title.en, phase.starts.at, phase.ends.at, phase.daily_limit, phase.total_limit)
        for phase in loaded.spec.phases
    ]
    evaluation = loaded.spec.evaluation
    return phases, evaluation.get("columns"), evaluation.get("metrics")


def _document(bundle: Bundle, tasks: list[LoadedTask], folder: Path, report: Report) -> Document:
    done = [
        export_task(loaded.spec, number, len(tasks), folder, report) for number, loaded in enumerate(tasks)
    ]
    first = tasks[0].spec
    title = bundle.competition.title.en if len(tasks) > 1 else first.title.en
    (folder / "logo.png").write_bytes(png())
    document: Document = {
        "version": 2,
        "title": title,
        "description": bundle.competition.summary.en,
        "image": "logo.png",
        "docker_image": done[0].docker_image,
        **pages_of(first, folder),
        "tasks": [part for exported in done for part in exported.tasks],
        "solutions": _solutions(done),
        "phases": _phases(done),
        "leaderboards": [done[0].leaderboard],
    }
    if bundle.competition.organizers:
        document["contact_email"] = bundle.competition.organizers[0]
    missing = [key for key in REQUIRED if not document.get(key)]
    assert not missing, missing
    report.taken("competition", f"{title}: {len(document['phases'])} phases, {len(document['tasks'])} tasks.")
    return document


def _solutions(done: list[Exported]) -> list[Document]:
    every = [solution for exported in done for solution in exported.solutions]
    return [{"index": number, **solution} for number, solution in enumerate(every)]


def _phases(done: list[Exported]) -> list[Document]:
    """The phases of the first task; each names the part of every task."""
    found = []
    for number, phase in enumerate(done[0].phases):
        tasks = [exported.tasks[number]["index"] for exported in done]
        found.append({**phase, "tasks": tasks})
    return found


def _kept(bundle: Bundle, tasks: list[LoadedTask], folder: Path, again: Path, now: datetime) -> Document:
    """What does not come back by itself: found by importing what was just written."""
    import_bundle("codabench", folder, again, now)
    found = read_yaml(again / NAME, NAME)
    wanted = read_yaml(bundle.root / NAME, NAME)
    [track] = found["tracks"]
    names = [str(name) for name in track["tasks"]]
    kept: dict[str, Any] = {"format": 1}
    values = difference(_without(wanted, "tracks"), _without(found, "tracks"))
    if values:
        kept["competition"] = values
    own = next((row for row in wanted["tracks"] if row["slug"] == tasks[0].track), track)
    if more := difference(_without(own, "tasks"), _without(track, "tasks")):
        kept["track"] = more
    kept["tasks"] = [
        difference(comparable(_raw(bundle, loaded)), comparable(read_yaml(again / name, name)), LISTS)
        for loaded, name in zip(tasks, names, strict=True)
    ]
    return kept


def _without(document: Document, key: str) -> Document:
    return {name: value for name, value in document.items() if name != key}


def _raw(bundle: Bundle, loaded: LoadedTask) -> Document:
    """The keys of a task as they were written."""
    if not loaded.key:
        return read_yaml(bundle.root / loaded.file, loaded.file)
    document = read_yaml(bundle.root / NAME, NAME)
    items = [item for track in document["tracks"] for item in track["tasks"]]
    found: Document = next(
        item for item in items if isinstance(item, dict) and item["slug"] == loaded.spec.slug
    )
    return found


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, path.read_bytes())
