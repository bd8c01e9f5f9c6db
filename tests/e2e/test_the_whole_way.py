"""The main job as a newcomer goes through it: from signing up to a place on the board, in both languages."""

import base64
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from leitai.competitions.bundle.archives import zipped
from tests.e2e.conftest import Arrive
from tests.e2e.installation import BUNDLE, Installation, baselines
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
PASSWORD = "a sentence that is hard to guess"
DROP = """([name, content]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  transfer.items.add(new File([bytes], name));
  return transfer;
}"""


class Words(NamedTuple):
    """What stands on the buttons and pages, and who goes through them."""

    tag: str
    language: str
    captain: str
    member: str
    team: str
    sign_up: str
    look_into_mail: str
    confirm: str
    sign_in: str
    new_team: str
    form_team: str
    make_link: str
    join: str
    enter: str
    submit: str
    hand_in_code: str
    on_the_board: str
    rank: str
    welcome: str


ENGLISH = Words(
    tag="en",
    language="en",
    captain="Ada Whole",
    member="Ben Second",
    team="Whole Way",
    sign_up="Sign up",
    look_into_mail="Look into your mail",
    confirm="Confirm",
    sign_in="Sign in",
    new_team="Form a new team",
    form_team="Form the team",
    make_link="Make a link",
    join="Join the team",
    enter="Enter the task",
    submit="Submit",
    hand_in_code="Hand in code",
    on_the_board="On the board",
    rank="Your team: rank {} of {}",
    welcome="Welcome to Whole Way.",
)
CHINESE = Words(
    tag="zh-CN",
    language="zh",
    captain="李明",
    member="王芳",
    team="全程队",
    sign_up="注册",
    look_into_mail="请查收邮件",
    confirm="确认",
    sign_in="登录",
    new_team="新建队伍",
    form_team="组建队伍",
    make_link="生成链接",
    join="加入队伍",
    enter="报名本赛题",
    submit="提交",
    hand_in_code="提交代码",
    on_the_board="上榜",
    rank="你的队伍：第 {} 名，共 {} 支",
    welcome="欢迎加入 全程队。",
)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_newcomer_forms_a_team_and_reaches_the_board(
    words: Words, portal: Installation, arrive: Arrive
) -> None:
    captain, member = arrive(words.tag), arrive(words.tag)
    captain.open(portal.address)
    for visitor, name in ((captain, words.captain), (member, words.member)):
        _sign_up(visitor, name, words, portal)
    _team_up(captain, member, words, portal)
    for task, name in (("load-forecast", "average week"), ("digit-images", "support vectors")):
        address = f"{portal.address}/competitions/demo/{task}"
        _enter(captain, address, words)
        _download(captain, address, task)
        baseline = next(one for one in baselines(task) if one["name"] == name)
        _hand_in(captain, address, BUNDLE / task / baseline["file"], words)
        score = _follow(captain, words)
        assert score == pytest.approx(next(iter(baseline["score"].values())), rel=1e-4)
        _find_on_board(captain, address, score, words)
        # Whoever joined sees what the team has done.
        assert words.team in member.open(f"{address}/board").locator("tr.own").inner_text()


def _sign_up(visitor: Visitor, name: str, words: Words, portal: Installation) -> None:
    email = f"{words.language}-{len(name)}-{ord(name[0])}@example.org"
    page = visitor.open(f"{portal.address}/sign-up")
    expect(page.locator("#language")).to_have_value(words.language)
    visitor.fill(name=name, email=email, password=PASSWORD, country="CN")
    page.locator("form.stack").get_by_role("button", name=words.sign_up).click()
    expect(page.get_by_role("heading", name=words.look_into_mail)).to_be_visible()
    visitor.look()
    visitor.open(portal.mailed_link(email))
    visitor.press(words.confirm)
    page.wait_for_url("**/sign-in")
    visitor.fill(email=email, password=PASSWORD)
    page.locator("form.stack").get_by_role("button", name=words.sign_in).click()
    page.wait_for_url(f"{portal.address}/")
    expect(page.locator("header")).to_contain_text(name)


def _team_up(captain: Visitor, member: Visitor, words: Words, portal: Installation) -> None:
    captain.open(f"{portal.address}/teams")
    captain.press(words.new_team)
    captain.fill(name=words.team, country="CN")
    captain.press(words.form_team)
    captain.page.wait_for_url("**/teams/*")
    captain.press(words.make_link)
    member.open(captain.page.inner_text("#link"))
    member.press(words.join)
    expect(member.page.locator(".note")).to_have_text(words.welcome)
    assert words.captain in member.page.inner_text(".members")
    assert words.member in member.page.inner_text(".members")


def _enter(visitor: Visitor, address: str, words: Words) -> None:
    visitor.open(address)
    page = visitor.open(f"{address}/enter")
    page.get_by_label(words.team, exact=True).check()
    page.check("#rules")
    page.check("#agreement")
    visitor.press(words.enter)


def _download(visitor: Visitor, address: str, task: str) -> None:
    page = visitor.open(f"{address}/data")
    with page.expect_download() as coming:
        page.locator("a[download]").first.click()
    path = coming.value.path()
    assert path.read_bytes() == (BUNDLE / task / "data" / coming.value.suggested_filename).read_bytes()


def _hand_in(visitor: Visitor, address: str, path: Path, words: Words) -> None:
    page = visitor.open(f"{address}/submit")
    if path.is_dir():
        expect(page.get_by_role("heading", name=words.hand_in_code)).to_be_visible()
        page.set_input_files(
            "#file", {"name": f"{path.name}.zip", "mimeType": "application/zip", "buffer": zipped(path)}
        )
    else:
        _drop(page, path.name, path.read_bytes())
    page.fill("#message", path.stem)
    page.locator("form.submit").get_by_role("button", name=words.submit).click()
    page.wait_for_url("**/submissions/*")
    visitor.look()


def _drop(page: Page, name: str, content: bytes) -> None:
    dropped = page.evaluate_handle(DROP, [name, base64.b64encode(content).decode()])
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    expect(page.locator("[data-name]")).to_contain_text(name)


def _follow(visitor: Visitor, words: Words) -> float:
    """To its score, on the page as it was first loaded."""
    page = visitor.page
    page.evaluate("window.neverLoadedAgain = true")
    expect(page.locator(".big")).to_be_visible(timeout=90_000)
    expect(page.locator(".way .here")).to_contain_text(words.on_the_board)
    assert page.evaluate("window.neverLoadedAgain")
    visitor.look()
    return _number(page.inner_text(".big"))


def _find_on_board(visitor: Visitor, address: str, score: float, words: Words) -> None:
    page = visitor.open(f"{address}/board")
    own = page.locator("tr.own")
    expect(own).to_have_count(1)
    expect(own).to_contain_text(words.team)
    value, *_ = own.locator(".score").inner_text().splitlines()  # its interval stands below
    assert _number(value) == pytest.approx(score, rel=1e-3)
    rank = next(iter(re.findall(r"\d+", own.locator(".rank").inner_text())))
    shown = words.rank.format(rank, page.locator("tbody .rank").count())
    expect(page.locator(".own-place")).to_contain_text(shown)
    for tab in ("rules", "evaluation", "submissions"):
        visitor.open(f"{address}/{tab}")


def _number(text: str) -> float:
    return float(text.replace(",", ""))
