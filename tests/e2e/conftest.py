"""One real start for all of these tests, and browsers that go to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from leitai.launch.demo import ACCOUNTS
from tests.e2e.installation import Installation
from tests.e2e.visitor import WIDE, Visitor

LOCALES = {"en": "en-GB", "zh-CN": "zh-CN"}
PASSWORDS = {account.who: (account.email, account.password) for account in ACCOUNTS}
Arrive = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser; as root it has no sandbox of its own."""
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Up with its demo; at the end nothing of it is left."""
    started = Installation(Path(tmp_path_factory.mktemp("portal")))
    try:
        started.wait(150)
        yield started
        started.end()
    finally:
        started.kill()


@pytest.fixture
def arrive(browser: Browser) -> Iterator[Arrive]:
    """A stranger in a browser of their own, which asks for a language."""
    contexts: list[BrowserContext] = []

    def come(tag: str = "en", **given: Any) -> Visitor:
        contexts.append(browser.new_context(locale=LOCALES[tag], viewport=WIDE, **given))
        contexts[-1].set_default_timeout(15_000)
        return Visitor.of(contexts[-1], tag)

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def demo(arrive: Arrive, portal: Installation) -> Arrive:
    """An account of the demo in a browser of its own, signed in."""

    def come(who: str) -> Visitor:
        visitor = arrive()
        email, password = PASSWORDS[who]
        visitor.open(f"{portal.address}/sign-in")
        visitor.fill(email=email, password=password)
        visitor.page.click("form.stack .btn-seal")
        visitor.page.wait_for_url(f"{portal.address}/")
        return visitor

    return come
