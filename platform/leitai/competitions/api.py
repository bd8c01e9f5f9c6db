"""API v1 of competitions, tasks and their open data."""

from apiflask import APIBlueprint
from flask import Response

from leitai import db, storage
from leitai.accounts.identity import current_person, require_person, token_auth
from leitai.competitions import overview
from leitai.competitions.answers import CompetitionOut, DataOut, TaskOut
from leitai.competitions.downloading import open_data, take
from leitai.competitions.sending import attachment
from leitai.competitions.stage import find_task, stage

api = APIBlueprint("competitions_api", __name__, url_prefix="/api/v1", tag="Competitions")
TASK = "/tasks/<competition>/<task>"


@api.get("/competitions")
@api.output(list[CompetitionOut])  # type: ignore[arg-type]  # APIFlask takes lists of models too
@api.doc(summary="All competitions with their tasks", description="The running ones come first.")
def competitions() -> list[CompetitionOut]:
    """All competitions."""
    with db.reading() as session:
        return [CompetitionOut.of(edition) for edition in overview.editions(session)]


@api.get(TASK)
@api.auth_required(token_auth)
@api.output(TaskOut)
@api.doc(summary="A task: phases, limits, metrics, texts")
def task(competition: str, task: str) -> TaskOut:
    """One task, and the team in which the token's owner takes part."""
    with db.reading() as session:
        return TaskOut.of_stage(stage(session, current_person(), competition, task))


@api.get(f"{TASK}/data")
@api.auth_required(token_auth)
@api.output(list[DataOut])  # type: ignore[arg-type]  # APIFlask takes lists of models too
@api.doc(summary="The open data of a task")
def data(competition: str, task: str) -> list[DataOut]:
    """Names, sizes, versions and digests."""
    with db.reading() as session:
        files = open_data(session, find_task(session, competition, task))
        return [DataOut.of(file, competition, task) for file in files]


@api.get(f"{TASK}/data/<int(max=2147483647):data_id>")
@api.auth_required(token_auth)
@api.doc(
    summary="One file of open data",
    description="Needs an entry; every download is recorded. `Range: bytes=N-` goes on from byte N.",
    responses={200: "The bytes", 206: "The bytes from N on"},
)
def download(competition: str, task: str, data_id: int) -> Response:
    """The bytes."""
    person = require_person()
    with db.transaction() as session:
        taken = take(session, person, competition, task, data_id)
    return attachment(taken, storage.artefacts())
