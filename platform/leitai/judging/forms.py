"""What a judge fills in."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from leitai.judging.models import Decision
from leitai.judging.ruling import REASON_LENGTH
from leitai.web.forms import RefusableForm


class RulingForm(RefusableForm):
    """A judge's word on a place."""

    decision = RadioField(
        _("The place is"),
        choices=[
            SelectChoice(Decision.CONFIRMED.value, _("confirmed")),
            SelectChoice(Decision.CONTESTED.value, _("contested")),
        ],
        validators=[InputRequired(_("Choose one."))],
    )
    reason = TextAreaField(
        _("Reason"),
        description=_("Needed when you contest the place. The organizers and the other judges read it."),
        validators=[Length(max=REASON_LENGTH)],
        render_kw={"rows": 4, "maxlength": REASON_LENGTH},
    )
