"""Countries and regions in the reader's language and order."""

from apiflask import APIFlask
from flask_babel import force_locale

from leitai.accounts.countries import choices


def names(app: APIFlask, locale: str) -> list[str]:
    with app.test_request_context(), force_locale(locale):
        return [name for _, name in choices()]


def test_each_is_there_once_by_its_two_letters(app: APIFlask) -> None:
    with app.test_request_context():
        codes = [code for code, _ in choices()]
    assert len(codes) == len(set(codes)) > 240
    assert {"CN", "DE", "SG", "US", "ZA"} < set(codes)
    assert not {"EU", "UN", "ZZ", "001"} & set(codes)


def test_english_names_stand_by_letter_whatever_their_accents(app: APIFlask) -> None:
    found = names(app, "en")
    assert found.index("Afghanistan") < found.index("Åland Islands") < found.index("Albania")


def test_chinese_names_stand_by_sound(app: APIFlask) -> None:
    found = names(app, "zh_CN")
    assert found.index("阿富汗") < found.index("德国") < found.index("法国") < found.index("中国")
