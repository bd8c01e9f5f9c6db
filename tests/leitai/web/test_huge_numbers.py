"""A number that no table can hold names nothing, and breaks nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from leitai import db
from leitai.accounts import service
from tests.leitai.factories import make_person

HUGE = 10**30


@pytest.mark.parametrize("path", ["/submissions/{}", "/teams/{}"])
def test_a_page_of_it_is_not_found(sign_in: Callable[..., FlaskClient], path: str) -> None:
    with db.transaction() as session:
        browser = sign_in(make_person(session))
    assert browser.get(path.format(HUGE)).status_code == 404


def test_the_api_does_not_find_it(client: FlaskClient) -> None:
    with db.transaction() as session:
        secret = service.make_token(session, make_person(session), "laptop")
    answer = client.get(f"/api/v1/submissions/{HUGE}", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["code"] == "not_found"
