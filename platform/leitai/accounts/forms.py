"""The forms of accounts. What a value must be like is the service's to say; here only that it is there."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from leitai.accounts.countries import CountryField
from leitai.accounts.passwords import LONGEST
from leitai.web.forms import NEEDED, RefusableForm
from leitai.web.languages import NAMES, language

LANGUAGES = [SelectChoice(code, name) for code, name in NAMES.items()]
NEW = {"autocomplete": "new-password"}


class SignInForm(RefusableForm):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), [NEEDED, Length(max=254)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [NEEDED, Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField(_l("Stay signed in on this computer"))


class SignUpForm(RefusableForm):
    """A new account."""

    name = StringField(_l("Name"), [NEEDED, Length(max=80)], render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail"), [NEEDED, Length(max=254)], render_kw={"autocomplete": "email"})
    password = PasswordField(_l("Password"), [NEEDED, Length(max=LONGEST)], render_kw=NEW)
    country = CountryField(_l("Country or region"), validators=[NEEDED])
    language = SelectField(_l("Language"), choices=LANGUAGES, default=language)


class AskResetForm(RefusableForm):
    """Whose password is forgotten."""

    email = EmailField(_l("E-mail"), [NEEDED, Length(max=254)], render_kw={"autocomplete": "username"})


class ResetForm(RefusableForm):
    """Another password, by a link."""

    password = PasswordField(_l("New password"), [NEEDED, Length(max=LONGEST)], render_kw=NEW)


class ProfileForm(RefusableForm):
    """What others see, and the language of mails."""

    name = StringField(_l("Name"), [NEEDED, Length(max=80)], render_kw={"autocomplete": "name"})
    country = CountryField(_l("Country or region"), validators=[NEEDED])
    language = SelectField(_l("Language"), choices=LANGUAGES)


class PasswordForm(RefusableForm):
    """Another password, knowing the present one."""

    old = PasswordField(
        _l("Present password"),
        [NEEDED, Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(_l("New password"), [NEEDED, Length(max=LONGEST)], render_kw=NEW)


class TokenForm(RefusableForm):
    """A token's name, so that it is known again."""

    token_name = StringField(_l("What the token is for"), [NEEDED, Length(max=80)])
