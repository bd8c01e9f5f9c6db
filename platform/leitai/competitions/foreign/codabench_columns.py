"""The columns of a Codabench leaderboard: those that the program gives, and those computed of them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.values import Given
from leitai.competitions.foreign.writing import Document, Task, line, once

COMPUTED = Path(__file__).parent / "travelling" / "computed_columns.py"
SETTINGS = "leitai_columns.json"
LONGEST = 60
MOST = 20
PRECISION = 2
RULES = {
    "Add": "the last one that a team put there",
    "Add_And_Delete": "those that a team put there",
    "Add_And_Delete_Multiple": "those that a team put there",
    "Force_Last": "the last one",
    "Force_Latest_Multiple": "the last one",
}


@dataclass
class Columns:
    """Columns as the evaluation declares them, the primary one first; ``computed`` by the key of each."""

    documents: list[Document]
    computed: dict[str, Document] = field(default_factory=dict)

    def complete(self, task: Task, program: Document, command: str) -> None:
        """Where columns are computed, let a few lines of ours do that when the program has ended."""
        if not self.computed:
            return
        folder = program["path"]
        task.put(COMPUTED, f"{folder}/{COMPUTED.name}")
        settings = {"command": command, "columns": self.computed}
        task.write(f"{folder}/{SETTINGS}", json.dumps(settings, ensure_ascii=False, indent=2) + "\n")
        program["command"] = f"python3 $program/{COMPUTED.name} $output {command}"


def read_columns(given: Given, report: Report) -> Columns:
    """The columns of the first leaderboard.

    Raises:
        BundleError: there are none.
    """
    boards = given.items("leaderboards" if given.has("leaderboards") else "leaderboard")
    if not boards:
        raise refused(NAME, "leaderboards", "is empty.", "Name the scores that the program gives.")
    board = boards[0]
    if len(boards) > 1:
        report.changed(f"{NAME}: leaderboards", "only the first is used, as on Codabench.")
    rows = sorted(board.items("columns"), key=lambda row: row.number("index", 0))
    if not rows:
        raise refused(NAME, board.at("columns"), "is empty.", "Name the scores that the program gives.")
    _told(board, report)
    primary = board.number("primary_index", 0)
    shown = [row for row in rows if _is_shown(row, primary, report)]
    first = [row for row in shown if row.number("index", 0) == primary]
    ordered = [*first, *(row for row in shown if row not in first)][:MOST]
    if len(shown) > MOST:
        report.changed(f"{NAME}: {board.at('columns')}", f"{MOST} of {len(shown)} columns were taken.")
    return _columns(ordered, rows, report)


def _told(board: Given, report: Report) -> None:
    rule = board.text("submission_rule", "Add")
    if rule in RULES:
        told = f"{rule} shows {RULES[rule]}; here a board shows the best one of each team."
        report.changed(f"{NAME}: {board.at('submission_rule')}", told)
    if board.flag("hidden"):
        told = "public boards are shown while a phase runs; keep what is hidden to the private part."
        report.changed(f"{NAME}: {board.at('hidden')}", told)


def _is_shown(row: Given, primary: int, report: Report) -> bool:
    if not row.flag("hidden") or row.number("index", 0) == primary:
        return True
    told = f"{row.text('title')} was left out, for all that a task declares is shown."
    report.changed(f"{NAME}: {row.at('hidden')}", told)
    return False


def _columns(ordered: list[Given], rows: list[Given], report: Report) -> Columns:
    keys = {row.number("index", 0): row.required("key") for row in rows}
    taken: set[str] = set()
    found = Columns([])
    for row in ordered:
        key = row.required("key")
        name = once(line(row.text("title", key))[:LONGEST], taken)
        lower = row.text("sorting", "desc").lower() == "asc"
        precision = min(max(row.number("precision", PRECISION), 0), 15)
        document = {
            "name": name,
            "key": key,
            "direction": "lower" if lower else "higher",
            "precision": precision,
        }
        found.documents.append(document)
        told = f"the score {key}, {document['direction']} is better, {precision} digits shown."
        report.taken(f"{NAME}: {row.key}", told)
        if row.has("computation"):
            found.computed[key] = _computed(row, keys)
            told = f"{name} is computed when the scoring program has ended, by {COMPUTED.name} beside it."
            report.changed(f"{NAME}: {row.at('computation')}", told)
    return found


def _computed(row: Given, keys: dict[int, str]) -> Document:
    named = row.list("computation_indexes")
    kind = row.text("computation").lower()
    if kind not in {"avg", "sum", "min", "max"}:
        raise refused(NAME, row.at("computation"), f"{kind!r} is not known.", "Write avg, sum, min or max.")
    indexes = [
        int(index) if index.lstrip("-").isdigit() else -1 for text in named for index in text.split(",")
    ]
    if not indexes or any(index not in keys for index in indexes):
        raise refused(
            NAME, row.at("computation_indexes"), "names no column.", "Write the indexes of other columns."
        )
    return {"computation": kind, "of": [keys[index] for index in indexes]}
