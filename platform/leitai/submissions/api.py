"""API v1 of submissions: hand in, list, follow."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import request, url_for

from leitai import db
from leitai.accounts.identity import require_person, token_auth
from leitai.competitions.models import Task
from leitai.competitions.stage import find_task
from leitai.submissions import admission, service, uploads
from leitai.submissions.answers import SubmissionIn, SubmissionOut
from leitai.submissions.viewing import Sight, view_of
from leitai.web.limits import limiter
from leitai.web.paging import page_number

api = APIBlueprint("submissions_api", __name__, url_prefix="/api/v1", tag="Submissions")
TASK = "/tasks/<competition>/<task>/submissions"
View = Callable[..., Any]


def settled(view: View) -> View:
    """Refuse an upload before its body is read; the view is given the task that was found."""

    @wraps(view)
    def wrapped(competition: str, task: str, **more: Any) -> Any:
        with db.reading() as session:
            found = find_task(session, competition, task)
            allowance = admission.check_any_team(session, require_person(), found)
        with uploads.prepared(allowance):
            return view(task=found, **more)

    return wrapped


@api.post(TASK)
@limiter.limit(uploads.RATE, key_func=uploads.sender)
@api.auth_required(token_auth)
@settled
@api.input(SubmissionIn, location="form_and_files", arg_name="given")
@api.output(SubmissionOut, status_code=201)
@api.doc(
    summary="Hand in a file",
    description="The file is queued; follow it at the address in `Location`.",
    responses={
        400: "The file cannot be what the task takes; nothing was counted",
        403: "Not entered, not confirmed or not advanced",
        409: "No phase is open, or the team is unclear",
        413: "Larger than the task takes",
        429: "The quota is used up, or too many requests",
    },
)
def create(task: Task, given: SubmissionIn) -> tuple[SubmissionOut, int, dict[str, str]]:
    """Hand in."""
    person = require_person()
    submission = uploads.take(person, task, given.team or None)
    with db.reading() as session:
        answer = SubmissionOut.of(service.handed_in(session, submission))
    where = url_for("submissions_api.show", submission_id=submission.id)
    return answer, 201, {"Location": where}


@api.get(TASK)
@api.auth_required(token_auth)
@api.output(list[SubmissionOut])  # type: ignore[arg-type]  # APIFlask takes lists of models too
@api.doc(
    summary="Your team's submissions to a task, newest first",
    description="Fifty at a time: `?page=2` and so on. `X-Total-Count` says how many there are.",
)
def mine(competition: str, task: str) -> tuple[list[SubmissionOut], int, dict[str, str]]:
    """A page of the list."""
    person = require_person()
    with db.reading() as session:
        wanted = page_number(request.args.get("page"))
        page = service.mine(session, person, find_task(session, competition, task), wanted)
        found = [SubmissionOut.in_list(view_of(session, row, Sight.TEAM)) for row in page.items]
    return found, 200, {"X-Total-Count": str(page.total)}


@api.get("/submissions/<int(max=2147483647):submission_id>")
@api.auth_required(token_auth)
@api.output(SubmissionOut)
@api.doc(summary="One submission", responses={404: "None that you may see"})
def show(submission_id: int) -> SubmissionOut:
    """Its state, stage, scores and message."""
    with db.reading() as session:
        return SubmissionOut.of(service.view(session, require_person(), submission_id))
