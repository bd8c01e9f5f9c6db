"""The catalogue of metrics: as Markdown for the command line, as a page in both languages, and searched."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

import evaluators
from leitai import db
from leitai.cli import leitai
from leitai.competitions.catalogue import example, facts, in_english, markdown, settings
from tests.leitai.factories import make_phase, make_task

METRICS = evaluators.metrics()
TASK = {"id": "id", "split": "split", "metrics": [METRICS["ndcg_exp"].entry | {"name": "Gain"}]}


def test_the_whole_catalogue_holds_every_metric_once() -> None:
    page = markdown()
    assert [page.count(f"### {info.title}: `{name}`\n") for name, info in METRICS.items()] == [1] * len(
        METRICS
    )


def test_an_entry_says_all_of_a_metric() -> None:
    result = CliRunner().invoke(leitai, ["metrics", "tweedie_deviance"])
    assert result.exit_code == 0
    for part in (
        "### Mean Tweedie deviance: `tweedie_deviance`",
        "- Direction: lower is better",
        "- Range: 0 to ∞",
        "- Source: Jørgensen",
        "- Degenerate input: For power 0 always defined",
        "| `power` | The variance grows with this power of the mean. | 0, or a number from 1 to 10 |",
        "- {metric: tweedie_deviance, target: claims, power: 1.5}",
    ):
        assert part in result.output


def test_a_name_that_is_none_is_answered_by_the_nearest() -> None:
    result = CliRunner().invoke(leitai, ["metrics", "rsme"])
    assert result.exit_code == 1
    assert "There is no metric rsme. Did you mean rmse" in result.output


def test_columns_and_keys_are_told_as_the_specification_takes_them() -> None:
    assert dict(facts(METRICS["haversine_distance"], in_english))["Target"] == (
        "a list of columns: latitude, longitude"
    )
    assert dict(facts(METRICS["log_loss"], in_english))["Prediction"] == (
        "one column, or a list with one for each class"
    )
    keys = {setting.name: setting.default for setting in settings(METRICS["recall_at_k"], in_english)}
    assert keys == {"group": "all rows of a split are one list", "k": "it must be given"}
    assert example(METRICS["recall"]) == "- {metric: recall, target: species}"


@pytest.mark.parametrize(("language", "head"), [("en", "<h1>Metrics</h1>"), ("zh-CN", "<h1>评测指标</h1>")])
def test_anybody_reads_the_page_in_both_languages(client: FlaskClient, language: str, head: str) -> None:
    page = client.get("/metrics", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert head in page.text
    assert all(f'id="{name}"' in page.text for name in METRICS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser; as root it has no sandbox of its own."""
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def address(app: APIFlask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/metrics"
    server.shutdown()


@pytest.mark.browser
def test_words_narrow_the_page_and_a_link_ends_the_search(page: Page, address: str) -> None:
    page.goto(address)
    search = page.get_by_role("searchbox")
    search.fill("quadratic KAPPA")
    expect(page.locator("#quadratic_weighted_kappa")).to_be_visible()
    expect(page.locator("#rmse")).to_be_hidden()
    expect(page.get_by_role("heading", name="Correlations")).to_be_hidden()
    search.fill("no such metric")
    expect(page.get_by_text("No metric has all these words.")).to_be_visible()
    page.evaluate("location.hash = 'rmse'")
    expect(page.locator("#rmse")).to_be_in_viewport()
    expect(search).to_have_value("")


def test_the_evaluation_of_a_task_leads_to_the_entry(client: FlaskClient) -> None:
    with db.transaction() as session:
        task = make_phase(session, make_task(session, evaluation=TASK)).task
        path = f"/competitions/{task.competition.slug}/{task.slug}/evaluation"
    assert 'href="/metrics#ndcg_exp"' in client.get(path).text
