"""Names that attack the page are text on it."""

from collections.abc import Callable

from flask.testing import FlaskClient

from leitai import db
from tests.leitai.factories import make_person

SignIn = Callable[..., FlaskClient]


def test_a_name_of_script_is_shown_and_not_run(sign_in: SignIn) -> None:
    with db.transaction() as session:
        browser = sign_in(make_person(session, name="<b>Eve</b>"))
    given = {
        "name": "<script>alert(1)</script>",
        "country": "CN",
        "affiliation": '"><img src=x onerror=alert(1)>',
    }
    formed = browser.post("/teams/new", data=given)
    for path in (formed.location, "/teams"):
        page = browser.get(path).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Eve" not in page
