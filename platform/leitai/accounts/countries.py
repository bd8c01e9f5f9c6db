"""Countries and regions by their two letters of ISO 3166, named in the reader's language."""

import re
import unicodedata

from flask_babel import get_locale, gettext
from wtforms import SelectChoice, SelectField

CODE = re.compile(r"^[A-Z]{2}$")
# What CLDR lists beside countries: unions, outliers, tests.
NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def choices() -> list[tuple[str, str]]:
    """Code and name of each, in the order in which a reader looks for a name."""
    locale = get_locale()
    assert locale is not None
    rows = [
        (code, name)
        for code, name in locale.territories.items()
        if CODE.match(code) and code not in NO_COUNTRY
    ]
    return sorted(rows, key=lambda row: _order(row[1], locale.language))


def _order(name: str, language: str) -> bytes:
    # The national character set has its usual signs in the order of their sounds, as in a dictionary.
    if language == "zh":
        return name.encode("gb18030")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore")
    return plain.lower()


class CountryField(SelectField):  # type: ignore[misc]  # WTForms has no types
    """A choice among them, or none yet."""

    def __init__(self, label: object, **given: object) -> None:
        super().__init__(label, choices=self._offered, **given)

    @staticmethod
    def _offered() -> list[SelectChoice]:
        return [SelectChoice(*row) for row in [("", gettext("Choose …")), *choices()]]
