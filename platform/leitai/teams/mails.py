"""What teams send by mail."""

from flask_babel import gettext

from leitai.accounts.mails import address
from leitai.accounts.models import Person
from leitai.teams.models import Team
from leitai.web import mail


def send_invitation(captain: Person, team: Team, email: str, secret: str) -> bool:
    """The link into a team, in the captain's language: the other's is not known."""
    text = gettext(
        "Hello,\n\n%(captain)s invites you to the team %(team)s at Leitai:\n\n%(link)s\n\n"
        "The link is for this address alone and valid for seven days. "
        "If you know nothing of it, ignore this mail.\n",
        captain=captain.name,
        team=team.name,
        link=address("teams.join", token=secret),
    )
    return mail.send(email, gettext("Invitation to the team %(team)s", team=team.name), text)
