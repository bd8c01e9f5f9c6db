"""The forms of teams."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField
from wtforms.validators import Length

from leitai.accounts.countries import CountryField
from leitai.teams.service import AFFILIATION_LONGEST, LONGEST
from leitai.web.forms import NEEDED, RefusableForm


class TeamForm(RefusableForm):
    """What others see of a team."""

    name = StringField(_l("Name of the team"), [NEEDED, Length(max=LONGEST)])
    country = CountryField(_l("Country or region"), validators=[NEEDED])
    affiliation = StringField(
        _l("University, company or other affiliation"), [Length(max=AFFILIATION_LONGEST)]
    )


class InviteForm(RefusableForm):
    """Whom to invite by mail."""

    email = EmailField(_l("E-mail"), [NEEDED, Length(max=254)])
