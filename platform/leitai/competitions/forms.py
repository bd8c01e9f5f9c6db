"""The form that enters a team."""

import re
from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField, validators

from leitai.competitions.entering import Accepted, digest
from leitai.competitions.models import Task
from leitai.teams.models import Team
from leitai.teams.service import LONGEST
from leitai.web.forms import RefusableForm
from leitai.web.languages import words

ALONE = "alone"
NUMBER = re.compile(r"^[0-9]{1,9}$")


class EnterForm(RefusableForm):
    """Which team, and both texts accepted; the hidden fields say which texts the page showed."""

    team = RadioField(_l("Who takes part"), validate_choice=False)
    team_name = StringField(_l("Name of the team of one"), [validators.Length(max=LONGEST)])
    rules = BooleanField(_l("We accept the rules."))
    agreement = BooleanField(_l("We accept the data agreement."))
    rules_digest = HiddenField()
    agreement_digest = HiddenField()

    def offer(self, teams: Sequence[Team], name: str) -> None:
        """Let the captain choose among these teams, and a team of one under a free name."""
        choices = [SelectChoice(str(team.id), team.name) for team in teams]
        self.team.choices = [*choices, SelectChoice(ALONE, gettext("Only me, as a team of one"))]
        if self.team.data not in {choice.value for choice in self.team.choices}:
            self.team.data = self.team.choices[0].value
        self.team_name.data = self.team_name.data or name

    def show_texts(self, task: Task) -> None:
        """Remember which texts stand on the page; a box ticked for another text is emptied."""
        for box, hidden, texts in (
            (self.rules, self.rules_digest, task.rules),
            (self.agreement, self.agreement_digest, task.agreement),
        ):
            shown = digest(words(texts))
            if hidden.data != shown:
                box.data = False
            hidden.data = shown

    def team_id(self) -> int:
        """The team that was chosen; 0 is nobody's."""
        chosen = self.team.data or ""
        return int(chosen) if NUMBER.match(chosen) else 0

    def accepted(self) -> Accepted:
        """The texts with a ticked box."""
        return Accepted(
            rules=(self.rules_digest.data or "") if self.rules.data else "",
            agreement=(self.agreement_digest.data or "") if self.agreement.data else "",
        )
