"""An EvalAI challenge as a bundle of ours."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from leitai.competitions.foreign import moving, programs, scoring_images
from leitai.competitions.foreign.dates import moment
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.unpacking import Source
from leitai.competitions.foreign.values import Given, read_foreign
from leitai.competitions.foreign.writing import Document, Task, both, slug, write_bundle

PUBLIC = 3
PRECISION = 2
PAGES = (
    ("description", "Overview"),
    ("evaluation_details", "Evaluation"),
    ("submission_guidelines", "Submission guidelines"),
)
NOT_HERE = {
    "remote_evaluation": "scoring runs on the workers of this platform",
    "tags": "competitions have none",
    "domain": "competitions have none",
    "image": "tasks have no picture",
    "leaderboard_description": "boards explain themselves by the evaluation page",
}
OF_PHASES = {
    "max_submissions_per_month": "a phase has a limit a day and one in all",
    "allowed_email_ids": "whoever enters may submit",
    "is_restricted_to_select_one_submission": "a board shows the best of each team",
    "is_partial_submission_evaluation_enabled": "a submission is scored as a whole",
    "submission_meta_attributes": "teams write a message with a submission, and no more",
    "disable_logs": "`logs` says what teams see",
}


def import_evalai(source: Source, folder: Path, report: Report) -> None:
    """Write the bundle into ``folder``.

    Raises:
        BundleError: it cannot be used here.
    """
    root, name = _config(source.root)
    source.root = root
    _Importing(source, Given(read_foreign(root / name, name, report), name), folder, report).write()


def _config(folder: Path) -> tuple[Path, str]:
    found = [path for path in sorted(folder.glob("*.y*ml")) if path.is_file()]
    if not found:
        inside = [path for path in sorted(folder.glob("*/*.y*ml")) if path.is_file()]
        found = [path for path in inside if path.name.startswith("challenge_config")] or inside
    if len(found) > 1:
        found = [path for path in found if path.name.startswith("challenge_config")] or found
    if len(found) != 1:
        raise refused(folder.name, "", "needs exactly one YAML file.", "Keep challenge_config.yaml alone.")
    return found[0].parent, found[0].name


class _Importing:
    def __init__(self, source: Source, given: Given, folder: Path, report: Report) -> None:
        self.source, self.given, self.folder, self.report = source, given, folder, report
        self.title = given.required("title")
        self.splits = {row.text("id"): row.required("codename") for row in given.items("dataset_splits")}

    def write(self) -> None:
        phases = self._phases()
        name = slug(self.title, "challenge")
        task = Task(self.folder / name)
        task.folder.mkdir()
        documents = moving.phase_documents(
            [self._phase(phase, phases, number) for number, phase in enumerate(phases)],
            f"{self.given.file}: challenge_phases",
            self.report,
        )
        for phase, document in zip(phases, documents, strict=True):
            document["reference"] = self._reference(task, phase, document["slug"])
        task.document = {
            "slug": name,
            "title": both(self.title),
            **moving.defaults(self.report),
            "kind": "predictions",
            **self._texts(task),
            "evaluation": self._evaluation(task, phases, documents),
            "limits": {"upload": "100 MB"},
            "phases": documents,
        }
        self._credits(task.document)
        summary = self.given.text("short_description", self.title)
        write_bundle(self.folder, moving.edition(name, self.title, summary, documents), [task])
        self._told(phases)

    def _phases(self) -> list[Given]:
        found = self.given.items("challenge_phases")
        if not found:
            raise refused(self.given.file, "challenge_phases", "is empty.", "A challenge has one at least.")
        return sorted(found, key=lambda phase: self._when(phase, "start_date"))

    def _when(self, phase: Given, key: str) -> datetime:
        when = moment(phase, key, self.report) or moment(self.given, key, self.report)
        if when is None:
            raise refused(self.given.file, phase.at(key), "is missing.", "Write a date.")
        return when

    def _phase(self, phase: Given, phases: Sequence[Given], number: int) -> moving.Phase:
        starts, ends = self._when(phase, "start_date"), self._when(phase, "end_date")
        if number + 1 < len(phases):
            following = self._when(phases[number + 1], "start_date")
            if ends > following > starts:
                told = f"overlaps the next phase; here it ends {following:%d %B %Y %H:%M}, when that begins."
                self.report.changed(f"{self.given.file}: {phase.at('end_date')}", told)
                ends = following
        daily = phase.number("max_submissions_per_day", 5)
        total = phase.number("max_submissions", 100)
        return moving.Phase(phase.required("name"), starts, ends, daily, total)

    def _reference(self, task: Task, phase: Given, name: str) -> str:
        file = phase.text("test_annotation_file")
        if not file:
            told = "is missing; a file with a note took its place."
            self.report.changed(f"{self.given.file}: {phase.at('test_annotation_file')}", told)
            return task.write(f"hidden/{name}/none.json", "{}\n")
        place = self.source.place(file, phase.at("test_annotation_file"))
        self.report.taken(f"{self.given.file}: {phase.at('test_annotation_file')}", "hidden data.")
        return task.put(place, f"hidden/{name}/{place.name}")

    def _texts(self, task: Task) -> Document:
        pages = []
        for key, title in PAGES:
            if text := self._page(key):
                pages.append((title, text))
        agreement = self._page("terms_and_conditions")
        statement = moving.joined(pages or [(self.title, self.given.text("short_description", self.title))])
        return {
            "statement": task.page("statement", moving.same(statement)),
            "rules": task.page("rules", moving.RULES),
            "agreement": task.page("agreement", moving.same(agreement) if agreement else moving.AGREEMENT),
        }

    def _page(self, key: str) -> str:
        name = self.given.text(key)
        if not name:
            return ""
        text = moving.page(self.source.place(name, key), f"{key} ({name})", self.report)
        self.report.taken(f"{key} ({name})", "is part of the texts.")
        return text

    def _evaluation(self, task: Task, phases: Sequence[Given], documents: Sequence[Document]) -> Document:
        script = self.source.folder(self.given.required("evaluation_script"), "evaluation_script")
        script = _package(script)
        path = moving.program(task, script, "evaluation_script", "evaluation_script", self.report)
        programs.look_at_command(_requirements(script), "evaluation_script/requirements.txt", self.report)
        self._required(script)
        program: Document = {"kind": "evalai", "path": path, "accepts": self._accepted(phases)}
        image = scoring_images.choose("runtime", script, self.report)
        if image != "runtime":
            program["image"] = image
        program["phases"] = {
            document["slug"]: self._codenames(phase)
            for phase, document in zip(phases, documents, strict=True)
        }
        return {"program": program, "columns": self._columns()}

    def _required(self, script: Path) -> None:
        if (script / "requirements.txt").is_file():
            told = "nothing is installed while scoring: what it names must be in the image of the program."
            self.report.changed("evaluation_script/requirements.txt", told)

    def _accepted(self, phases: Sequence[Given]) -> list[str]:
        found: list[str] = []
        for phase in phases:
            written = phase.list("allowed_submission_file_types")
            found += [part.strip().lower() for text in written for part in text.split(",")]
        kept = [part if part.startswith(".") else f".{part}" for part in dict.fromkeys(found) if part]
        if not kept:
            self.report.changed(
                "allowed_submission_file_types", "is missing; .json, .csv, .txt and .zip are taken."
            )
        return kept or [".json", ".csv", ".txt", ".zip"]

    def _codenames(self, phase: Given) -> Document:
        """The public and the private part of a phase: what everybody sees, and what the host alone sees."""
        rows = [
            row
            for row in self.given.items("challenge_phase_splits")
            if row.text("challenge_phase_id") == phase.text("id")
        ]
        if not rows:
            raise refused(self.given.file, "challenge_phase_splits", "leaves out a phase.", "Add its splits.")
        shown = [self._split(row) for row in rows if row.number("visibility", PUBLIC) == PUBLIC]
        hidden = [self._split(row) for row in rows if row.number("visibility", PUBLIC) != PUBLIC]
        public = (shown or hidden)[0]
        private = (hidden or shown)[-1] if hidden else (shown[-1] if len(shown) > 1 else public)
        others = [name for name in [*shown, *hidden] if name not in {public, private}]
        told = f"{public} is the public part and {private} the private one."
        if others:
            told += f" Scores of {', '.join(others)} are not shown."
        self.report.changed(f"{self.given.file}: {phase.key}", told)
        found: dict[str, Any] = {"codename": phase.required("codename"), "public": public, "private": private}
        return {**found, "others": others} if others else found

    def _split(self, row: Given) -> str:
        key = row.text("dataset_split_id")
        if key not in self.splits:
            raise refused(self.given.file, row.at("dataset_split_id"), f"{key} is no split.", "Correct it.")
        return self.splits[key]

    def _columns(self) -> list[Document]:
        boards = self.given.items("leaderboard")
        if not boards:
            raise refused(self.given.file, "leaderboard", "is empty.", "Name the scores of evaluate().")
        if len(boards) > 1:
            self.report.changed(
                f"{self.given.file}: leaderboard", "a task has one set of scores: the first one."
            )
        schema = boards[0].within("schema")
        labels = schema.list("labels")
        if not labels:
            raise refused(self.given.file, schema.at("labels"), "is empty.", "Name the scores of evaluate().")
        first = schema.text("default_order_by", labels[0])
        ordered = [
            *(label for label in labels if label == first),
            *(label for label in labels if label != first),
        ]
        return [self._column(label, schema) for label in ordered]

    def _column(self, label: str, schema: Given) -> Document:
        splits = self.given.items("challenge_phase_splits")
        row = splits[0] if splits else self.given
        descending = row.flag("is_leaderboard_order_descending", default=True)
        told = schema.within("metadata").within(label)
        lower = told.flag("sort_ascending") if told.has("sort_ascending") else not descending
        digits = min(max(row.number("leaderboard_decimal_precision", PRECISION), 0), 15)
        document = {
            "name": label,
            "key": label,
            "direction": "lower" if lower else "higher",
            "precision": digits,
        }
        self.report.taken(
            f"leaderboard: {label}", f"{document['direction']} is better, {digits} digits shown."
        )
        return document

    def _credits(self, document: Document) -> None:
        sponsors = [row.text("name") for row in self.given.items("sponsors") if row.has("name")]
        prizes = [f"{row.text('rank')}: {row.text('amount')}" for row in self.given.items("prizes")]
        if sponsors:
            document["sponsor"] = both(", ".join(sponsors))
        if prizes:
            document["prize"] = both("; ".join(prizes))

    def _told(self, phases: Sequence[Given]) -> None:
        for key, why in NOT_HERE.items():
            if self.given.has(key) and self.given.text(key).lower() not in {"false", "no"}:
                self.report.changed(f"{self.given.file}: {key}", f"was left out: {why}.")
        for phase in phases:
            for key, why in OF_PHASES.items():
                if phase.has(key) and phase.text(key, "set").lower() not in {"false", "no"}:
                    self.report.changed(f"{self.given.file}: {phase.at(key)}", f"was left out: {why}.")
        if self.given.flag("remote_evaluation"):
            told = "is scored on a machine of the host's. Bring an evaluation_script with evaluate()."
            self.report.cannot(f"{self.given.file}: remote_evaluation", told)
        self.report.taken(
            f"{self.given.file}: challenge_phases", f"{len(phases)}, with their dates and limits."
        )


def _package(folder: Path) -> Path:
    """The folder with evaluate(), which an archive may hold inside another."""
    names = ("__init__.py", "main.py")
    if any((folder / name).is_file() for name in names):
        return folder
    inside = [path for path in sorted(folder.iterdir()) if any((path / name).is_file() for name in names)]
    if len(inside) != 1:
        raise refused(
            folder.name, "evaluation_script", "has no __init__.py.", "Name the package with evaluate()."
        )
    return inside[0]


def _requirements(folder: Path) -> str:
    place = folder / "__init__.py"
    text = place.read_text("utf-8", "replace") if place.is_file() else ""
    return text if "pip" in text and "install" in text else ""
