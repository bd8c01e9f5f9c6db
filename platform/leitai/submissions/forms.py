"""The form that hands a file in."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField, StringField

from leitai.submissions.intake import MESSAGE_LENGTH
from leitai.web.forms import RefusableForm


class SubmitForm(RefusableForm):
    """A file, a message to oneself, and the team where several have entered."""

    file = FileField(_l("File"))
    message = StringField(_l("Message"), render_kw={"maxlength": MESSAGE_LENGTH})
    team = SelectField(_l("Team"), validate_choice=False)
