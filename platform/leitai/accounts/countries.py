"""Countries and regions by their two letters of ISO 3166, named in the reader's language."""

import re

from flask_babel import get_locale, gettext
from wtforms import SelectField

CODE = re.compile(r"^[A-Z]{2}$")
# What CLDR lists beside countries: unions, outliers, tests.
NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def choices() -> list[tuple[str, str]]:
    """Code and name of each, by name."""
    locale = get_locale()
    assert locale is not None
    rows = [
        (code, name)
        for code, name in locale.territories.items()
        if CODE.match(code) and code not in NO_COUNTRY
    ]
    return sorted(rows, key=lambda row: row[1])


class CountryField(SelectField):  # type: ignore[misc]  # WTForms has no types
    """A choice among them, or none yet."""

    def __init__(self, label: object, **given: object) -> None:
        super().__init__(label, choices=self._offered, **given)

    @staticmethod
    def _offered() -> list[tuple[str, str]]:
        return [("", gettext("Choose …")), *choices()]
