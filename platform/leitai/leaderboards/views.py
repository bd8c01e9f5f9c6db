"""The board tab of a task, and the organizers' export."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext

from leitai import db
from leitai.accounts.identity import current_person, require_person
from leitai.competitions.sending import disposition
from leitai.competitions.stage import Stage, current_phase, find_task, stage
from leitai.leaderboards import history, reading, service
from leitai.leaderboards.advancing import deciding_split
from leitai.leaderboards.revealing import is_shown
from leitai.leaderboards.writing import digits
from leitai.submissions.models import Split
from leitai.web.charts import line_chart, spark, whisker
from leitai.web.paging import page_number

pages = Blueprint("leaderboards", __name__)
TASK = "/competitions/<competition>/<task>"
BOM = "\ufeff"


@pages.get(f"{TASK}/board")
def board(competition: str, task: str) -> Response:
    """A page of a phase's board; only its table, for a page that is open already."""
    with db.reading() as session:
        found = stage(session, current_person(), competition, task)
        phase = service.find_phase(found.task.phases, request.args.get("phase"), found.phase)
        team_id = found.team.id if found.team else None
        shown = service.board(session, phase, _query(deciding_split(phase)), team_id)
        teams = [row.standing.team_id for row in shown.page.items]
        context: dict[str, Any] = {
            "stage": found,
            "tab": "board",
            "board": shown,
            "progress": history.progress(session, phase, found.choosing, teams),
            "spark": spark,
            "whisker": whisker,
            "column_digits": lambda rows: _digits(found, rows),
            "live": phase.starts_at <= db.now() < phase.ends_at and shown.query.split is Split.PUBLIC,
        }
        if _only_table():
            page = make_response(render_template("leaderboards/standings.html", **context))
        else:
            best = history.best_over_time(session, phase, found.choosing)
            label = gettext("Best public score over time")
            page = make_response(
                render_template(
                    "leaderboards/board.html",
                    **context,
                    countries=reading.countries(session, phase),
                    private_shown=is_shown(phase),
                    chart=line_chart(best, label) if len(best) > 1 else "",
                )
            )
        page.vary.add("HX-Request")
        return page


@pages.get(f"{TASK}/board.csv")
def export(competition: str, task: str) -> Response:
    """All places of a phase, for its organizers."""
    person = require_person()
    with db.reading() as session:
        found = find_task(session, competition, task)
        now = current_phase(found.phases, db.now())
        phase = service.find_phase(found.phases, request.args.get("phase"), now)
        text = service.export(session, person, found, phase)
    # The mark tells spreadsheets that the names are in UTF-8.
    response = Response(BOM + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = disposition(f"{task}-{phase.slug}.csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _query(default: Split) -> reading.Query:
    given = request.args
    return reading.Query(
        split=Split(given["split"]) if given.get("split") in list(Split) else default,
        number=page_number(given.get("page")),
        find=given.get("find", "").strip()[:80],
        country=given.get("country", "")[:2],
    )


def _digits(found: Stage, rows: Sequence[reading.Row]) -> list[int | None]:
    """Of each score, in the order of the heading."""
    return [
        digits(row.standing.score(column) for row in rows) if column.precision is None else column.precision
        for column in found.columns
    ]


def _only_table() -> bool:
    """A page that the reader goes back to is asked for whole, though htmx asks."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
