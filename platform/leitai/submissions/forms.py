"""The form that hands a file in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, SelectField, StringField

from leitai.submissions.intake import MESSAGE_LENGTH


class SubmitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file, a message to oneself, and the team where several have entered."""

    refusal = ""
    file = FileField(_l("File"))
    message = StringField(_l("Message"), render_kw={"maxlength": MESSAGE_LENGTH})
    team = SelectField(_l("Team"), validate_choice=False)
