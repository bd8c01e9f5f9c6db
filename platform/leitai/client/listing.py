"""What the API answers, as tables."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from leitai.client.errors import Refused
from leitai.client.portal import Json, Portal, TaskName
from leitai.client.showing import STYLES, cell, moment, number, plain, state, table, words


def competitions(found: list[Json]) -> Iterator[RenderableType]:
    """A heading and a table for each competition."""
    if not found:
        yield "There is no competition yet."
    for competition in found:
        yield Text.assemble((words(competition["title"]), "bold"), f"  {competition['state']}")
        yield table(
            ("Task", "Title", "Kind", "Phase", "Ends", "Metric", "Teams"),
            [
                (
                    f"{competition['slug']}/{task['slug']}",
                    words(task["title"]),
                    task["kind"],
                    task["phase"],
                    moment(task["phase_ends_at"]),
                    f"{task['metric']} {'↑' if task['direction'] == 'higher' else '↓'}",
                    task["teams"],
                )
                for task in competition["tasks"]
            ],
            right=("Teams",),
        )


def own_submissions(portal: Portal) -> list[Json]:
    """The newest submissions of our teams to every task, the newest first."""
    names = [
        TaskName(competition["slug"], task["slug"])
        for competition in portal.competitions()
        for task in competition["tasks"]
    ]
    found = [row for name in names for row in portal.submissions(name)]
    return sorted(found, key=lambda row: int(row["id"]), reverse=True)


def newest(found: list[Json]) -> int:
    """The number of the newest.

    Raises:
        Refused: there is none.
    """
    if not found:
        raise Refused("You have no submission yet. Hand one in with: leitai submit COMPETITION/TASK FILE")
    return int(found[0]["id"])


def submissions(found: list[Json]) -> RenderableType:
    """A line each."""
    if not found:
        return "You have no submission yet."
    rows = [
        (
            row["id"],
            f"{row['competition']}/{row['task']}",
            row["phase"],
            state(row),
            number(primary(row["scores"])),
            row["message"] or row["file_name"],
            moment(row["created_at"]),
        )
        for row in found
    ]
    return table(
        ("No.", "Task", "Phase", "State", "Score", "Message", "Handed in"), rows, right=("No.", "Score")
    )


def primary(scores: dict[str, float]) -> float | None:
    """The score that ranks: the API gives it first."""
    return next(iter(scores.values()), None)


def submission(row: Json) -> Table:
    """Everything about one that a team wants to know."""
    facts: list[tuple[str, object]] = [
        ("Submission", row["id"]),
        ("Task", f"{row['competition']}/{row['task']}, {row['phase']}"),
        ("Team", row["team"]),
        ("File", f"{row['file_name']} ({row['size']:,} bytes)"),
        ("Message", row["message"]),
        ("State", Text(stage(row), style=STYLES.get(row["state"], "yellow"))),
        *((name, number(value)) for name, value in row["scores"].items()),
        *((f"{name} (private)", number(value)) for name, value in row["private_scores"].items()),
        ("Time", f"{row['wall_s']:.1f} s" if row["wall_s"] is not None else ""),
        ("Memory", f"{row['peak_memory_bytes'] / 1e6:,.0f} MB" if row["peak_memory_bytes"] else ""),
        ("Why", row["text"]),
        ("Output", row.get("log_note", "")),
        ("Page", row["url"]),
    ]
    found = Table.grid(padding=(0, 2))
    for name, value in facts:
        if value != "":
            found.add_row(cell(name, "bold"), value if isinstance(value, Text) else cell(value))
    for line in _words_of(row):
        found.add_row("", cell(line, "dim"))
    return found


def _words_of(row: Json) -> Iterator[str]:
    """The last lines of each stream that the portal shows."""
    for stream in ("stdout", "log"):
        yield from str(row.get(stream, "")).splitlines()[-20:]


def stage(row: Json) -> str:
    """Where a submission is, in a few words."""
    if row["state"] == "running":
        return f"running: {plain(row['stage'])}"
    if row["state"] == "queued" and row["place"]:
        expected = f", about {row['expected_s']:.0f} s" if row["expected_s"] is not None else ""
        return f"queued: place {row['place']}{expected}"
    score = number(primary(row["scores"]))
    return f"scored: {score}" if row["state"] == "scored" and score else plain(row["state"])


def board(found: Json) -> Iterator[RenderableType]:
    """A heading and a page of the board; our own team stands out."""
    yield Text(_heading(found), style="bold")
    names = list(dict.fromkeys(name for row in found["rows"] for name in row["scores"]))
    yield table(
        ("Rank", "", "Team", "Country", *names, "Tries", "Handed in"),
        [_place(row, names) for row in found["rows"]],
        right=("Rank", *names, "Tries"),
    )


def _heading(found: Json) -> str:
    side = "public board (A)" if found["split"] == "public" else "private board (B)"
    parts = [f"{plain(found['phase'])}, {side}", f"teams: {found['total']}"]
    if found["pages"] > 1:
        parts.append(f"page {found['page']} of {found['pages']}")
    if found["cut"]:
        parts.append(f"the first {found['cut']} go on")
    if found["own"]:
        parts.append(f"your rank: {found['own']}")
    return ", ".join(parts)


def _place(row: Json, names: list[str]) -> list[Text]:
    style = "bold red" if row["own"] else ""
    moved = row["moved"] or 0
    arrow = f"{'↑' if moved > 0 else '↓'}{abs(moved)}" if moved else ""
    scores = [number(row["scores"].get(name)) for name in names]
    values = [row["rank"], arrow, row["team"], row["country"], *scores, row["tries"]]
    return [cell(value, style) for value in [*values, moment(row["submitted_at"])]]
