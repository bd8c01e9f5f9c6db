"""What the forms of all slices share."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

NEEDED = InputRequired(_l("Fill this in."))


class RefusableForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that can show why it was refused."""

    refusal = ""
