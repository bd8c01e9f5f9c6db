"""What is asked of the portal, and by whom."""

import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.event import Event
from benchmarks.portal import Visitor, multipart
from benchmarks.timing import Ask
from leitai import db
from leitai.accounts.models import Person
from leitai.accounts.service import make_token
from leitai.competitions.models import Phase, Task
from leitai.competitions.stage import current_phase
from leitai.leaderboards.models import Standing
from leitai.leaderboards.ordering import on, total
from leitai.submissions.models import Split
from leitai.teams.models import Team

REFERENCE = "sign-in page (the reference)"
BOARD = "board, first page"
ROWS = 1000
SENDERS = 5


def asks(event: Event, port: int) -> dict[str, Ask]:
    """Each request by its name."""
    nobody = Visitor(port)
    captain = Visitor(port).sign_in(event.captain, event.password)
    organizer = Visitor(port).sign_in(event.organizer, event.password)
    program = Visitor(port, bearer(event.captain))
    competition, task = f"/competitions/{event.task.partition('/')[0]}", f"/competitions/{event.task}"
    pages = {
        REFERENCE: (nobody, "/sign-in"),
        "home": (nobody, "/"),
        "competition": (nobody, competition),
        "task statement": (captain, task),
        BOARD: (captain, f"{task}/board"),
        "board, a middle page": (captain, f"{task}/board?page={middle_page(event)}"),
        "board, teams by name": (captain, f"{task}/board?find=an"),
        "board, teams by country": (captain, f"{task}/board?country=CN"),
        "my submissions": (captain, f"{task}/submissions"),
        "a submission": (captain, f"/submissions/{event.submission_id}"),
        "organizer: overview": (organizer, f"{task}/organize"),
        "organizer: submissions": (organizer, f"{task}/organize/submissions"),
        "organizer: board.csv": (organizer, f"{task}/board.csv"),
        "API: board": (program, f"/api/v1/tasks/{event.task}/board"),
        "API: a submission": (program, f"/api/v1/submissions/{event.submission_id}"),
    }
    found = {name: _getting(who, path) for name, (who, path) in pages.items()}
    return found | {f"API: hand in {ROWS} rows": handing_in(event, port)}


def asking(event: Event, port: int, submission_id: int) -> Ask:
    """The page of a submission, as its organizer follows it."""
    organizer = Visitor(port).sign_in(event.organizer, event.password)
    return _getting(organizer, f"/submissions/{submission_id}")


def _getting(who: Visitor, path: str) -> Ask:
    return lambda: who.get(path)


def open_phase(session: Session, event: Event) -> Phase:
    """The open phase of the task that is looked at."""
    return current_phase(session.get_one(Task, event.task_id).phases, db.now())


def middle_page(event: Event) -> int:
    """Half-way down the board."""
    with db.reading() as session:
        return max(1, total(session, open_phase(session, event).id, Split.PUBLIC) // 100)


def bearer(email: str) -> dict[str, str]:
    """What a person's program sends along."""
    with db.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        return {"Authorization": f"Bearer {make_token(session, person, 'measuring')}"}


def handing_in(event: Event, port: int) -> Ask:
    """Predictions, in turn of several teams: one alone may not send so many a minute."""
    with db.reading() as session:
        captains = (
            select(Person.email)
            .join(Team, Team.captain_id == Person.id)
            .join(Standing, Standing.team_id == Team.id)
            .where(on(open_phase(session, event).id, Split.PUBLIC))
            .order_by(Standing.tries, Standing.id)
        )
        emails = session.scalars(captains.limit(SENDERS)).all()
    senders = [Visitor(port, bearer(email)) for email in emails]
    dice, address = random.Random(1), f"/api/v1/tasks/{event.task}/submissions"

    def send() -> None:
        rows = "".join(f"{number},{dice.random():.6f}\n" for number in range(ROWS))
        body, kind = multipart({"message": "measured"}, ("predictions.csv", f"id,value\n{rows}".encode()))
        senders.append(senders.pop(0))
        senders[0].ask("POST", address, 201, body, kind)

    return send
