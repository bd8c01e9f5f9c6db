"""API v1 of boards."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from leitai import db
from leitai.accounts.identity import current_person, token_auth
from leitai.competitions.stage import stage
from leitai.leaderboards import service
from leitai.leaderboards.answers import BoardOut
from leitai.leaderboards.reading import Query
from leitai.submissions.models import Split

api = APIBlueprint("leaderboards_api", __name__, url_prefix="/api/v1", tag="Boards")


class BoardIn(BaseModel):
    """Which part of which board; without a phase it is the current one."""

    split: Split = Split.PUBLIC
    page: Annotated[int, Field(ge=1, lt=1_000_000)] = 1
    phase: Annotated[str, Field(max_length=60)] = ""
    find: Annotated[str, Field(max_length=80)] = ""
    country: Annotated[str, Field(max_length=2)] = ""


@api.get("/tasks/<competition>/<task>/board")
@api.auth_required(token_auth)
@api.input(BoardIn, location="query", arg_name="given")
@api.output(BoardOut)
@api.doc(
    summary="A board, fifty teams at a time",
    description="`split=private` is there once the phase's private board is shown.",
    responses={404: "No such task or phase, or the private board is not shown yet"},
)
def board(competition: str, task: str, given: BoardIn) -> BoardOut:
    """A page."""
    with db.reading() as session:
        found = stage(session, current_person(), competition, task)
        phase = service.find_phase(found.task.phases, given.phase, found.phase)
        query = Query(given.split, given.page, given.find.strip(), given.country)
        shown = service.board(session, phase, query, found.team.id if found.team else None)
        return BoardOut.of(shown, found.columns)
