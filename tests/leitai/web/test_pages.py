"""What every page shares: languages, headers, files, errors, charts and lists."""

import gzip
import re
from datetime import timedelta

import pytest
from apiflask import APIFlask
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from leitai import db
from leitai.accounts.models import Person
from leitai.settings import Settings
from leitai.web import charts
from leitai.web.paging import page_number, paginate
from tests.leitai.factories import make_person


def test_the_browsers_language_is_answered_and_another_one_can_be_chosen(client: FlaskClient) -> None:
    chinese = client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-CN"' in chinese.text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "de"}).text
    switched = client.get("/language/zh?next=/teams", headers={"Accept-Language": "en"})
    assert switched.location == "/teams"
    assert '<html lang="zh-CN"' in client.get("/", headers={"Accept-Language": "en"}).text


def test_choosing_a_language_leads_to_no_other_site(client: FlaskClient) -> None:
    assert client.get("/language/zh?next=https://elsewhere.example").location == "/"
    assert client.get("/language/xx").status_code == 404


def test_every_answer_forbids_what_comes_from_elsewhere(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/api/v1/openapi.json", "/nothing-here"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:;")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-cache"


def test_files_are_kept_for_good_under_their_digest_and_come_compressed(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/").text, "html.parser")
    (address,) = [link["href"] for link in page.find_all("link") if "leitai.css" in link["href"]]
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    stale = re.sub(r"/assets/[0-9a-f]+/", "/assets/000000000000/", address)
    assert "immutable" not in client.get(stale).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "/etc/passwd", "nothing.css", "vendor"])
def test_no_other_file_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/0/{name}").status_code in {404, 308}


def test_an_unknown_page_is_told_in_the_readers_language(client: FlaskClient) -> None:
    english = client.get("/nothing", headers={"Accept-Language": "en"})
    assert english.status_code == 404
    assert "There is no such page" in english.text
    assert "There is no such page" not in client.get("/nothing", headers={"Accept-Language": "zh"}).text


def test_programs_get_errors_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["code"] == "not_found"
    assert set(answer.json) == {"error"}


def test_a_fault_of_ours_shows_no_trace(app: APIFlask, client: FlaskClient) -> None:
    @app.get("/api/v1/broken")
    @app.get("/broken")
    def broken() -> str:
        raise ValueError("a secret of ours")

    for path in ("/broken", "/api/v1/broken"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text


def test_a_form_without_its_token_is_refused(app: APIFlask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-out", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_the_state_of_every_part_is_told(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.json is not None
    assert answer.status_code == 200
    assert answer.json["parts"]["database"] == {"ok": True, "revision": db.newest_revision()}
    assert answer.json["parts"]["artefacts"] == {"ok": True}
    # No broker runs in this test, and submissions can be taken all the same.
    assert answer.json["parts"]["broker"] == {"ok": False}


def test_a_list_comes_a_page_at_a_time(database: Settings) -> None:
    with db.transaction() as session:
        for _ in range(7):
            make_person(session)
        page = paginate(session, select(Person).order_by(Person.id), number=3, size=3)
        assert (page.number, page.pages, page.total, page.first, len(page.items)) == (3, 3, 7, 7, 1)
        beyond = paginate(session, select(Person).order_by(Person.id), number=99, size=3)
        assert beyond.number == 3


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 30, 1)],
)
def test_whatever_is_no_number_is_the_first_page(text: str | None, number: int) -> None:
    assert page_number(text) == number


def test_a_chart_has_its_figures_as_a_table_and_no_inline_style(app: APIFlask) -> None:
    began = db.now()
    series = [(began + timedelta(days=n), value) for n, value in enumerate([0.9, 0.7, 0.7, 0.4])]
    with app.test_request_context("/"):
        drawn = [
            charts.line_chart(series, "Best <b>score</b>"),
            charts.bars([("CN", 3), ("DE", 1)], "Entries"),
        ]
    for html in drawn:
        chart = BeautifulSoup(html, "html.parser")
        assert chart.find("svg")["role"] == "img"
        assert not chart.find_all(style=True)
        assert "<b>" not in html
    assert [cell.text for cell in BeautifulSoup(drawn[1], "html.parser").find_all("td")] == [
        "CN",
        "3",
        "DE",
        "1",
    ]
    assert drawn[1].count("<rect") == 2


def test_charts_of_nothing_are_nothing(app: APIFlask) -> None:
    with app.test_request_context("/"):
        assert charts.line_chart([], "x") == charts.bars([], "x") == charts.spark([1.0]) == ""
        assert charts.spark([1.0, 2.0], own=True).count("own-spark") == 1


def test_a_fault_is_logged_without_the_values_of_variables(
    app: APIFlask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/api/v1/broken")
    def broken() -> str:
        hidden = "0.7391846251"
        raise ValueError(len(hidden))

    assert client.get("/api/v1/broken").status_code == 500
    said = capsys.readouterr()
    assert "ValueError: 12" in said.out + said.err
    assert "0.7391846251" not in said.out + said.err
