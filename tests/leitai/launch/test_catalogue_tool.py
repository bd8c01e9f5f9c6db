"""The check of the catalogues finds what it should, and an update changes nothing but texts."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from leitai.launch import catalogue

HEADER = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""


def po(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "zh_CN" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + body)
    return path


@pytest.fixture
def wanted() -> Catalog:
    found = Catalog()
    found.add("Sign in")
    found.add(("%(num)d team", "%(num)d teams"), flags=["python-format"])
    return found


COMPLETE = (
    'msgid "Sign in"\nmsgstr "登录"\n\n'
    '#, python-format\nmsgid "%(num)d team"\nmsgid_plural "%(num)d teams"\nmsgstr[0] "%(num)d 支队伍"\n'
)


def test_a_complete_catalogue_has_no_fault(tmp_path: Path, wanted: Catalog) -> None:
    assert list(catalogue.faults(po(tmp_path, COMPLETE), wanted)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (COMPLETE.replace("登录", ""), "not translated: 'Sign in'"),
        (COMPLETE.replace("%(num)d 支队伍", ""), "not translated: '%(num)d team'"),
        (COMPLETE.split("\n\n")[1], "not translated: 'Sign in'"),
        (COMPLETE + '\nmsgid "Gone"\nmsgstr "无"\n', "no longer asked for: 'Gone'"),
        ("#, fuzzy\n" + COMPLETE, "fuzzy: 'Sign in'"),
        (COMPLETE.replace("%(num)d 支", "%(count)d 支"), "team'"),
    ],
)
def test_each_fault_is_found(body: str, fault: str, tmp_path: Path, wanted: Catalog) -> None:
    found = list(catalogue.faults(po(tmp_path, body), wanted))
    assert len(found) == 1
    assert found[0].startswith("zh_CN: ")
    assert found[0].endswith(fault)


def test_an_update_adds_and_drops_and_a_second_one_changes_no_byte(tmp_path: Path, wanted: Catalog) -> None:
    path = po(tmp_path, 'msgid "Sign in"\nmsgstr "登录"\n\nmsgid "Gone"\nmsgstr "无"\n')
    catalogue.update(path, wanted)
    first = path.read_bytes()
    assert "登录".encode() in first
    assert b"Gone" not in first
    assert b'msgid_plural "%(num)d teams"' in first
    catalogue.update(path, wanted)
    assert path.read_bytes() == first


def test_a_compiled_catalogue_lies_where_the_portal_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask import Flask
    from flask_babel import Babel, gettext

    path = tmp_path / "zh_CN" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Team"\nmsgstr "队伍"\n'
    )
    monkeypatch.setattr(catalogue, "catalogue_files", lambda: [path])
    assert (catalogue.compile_all(), catalogue.compile_all()) == (1, 0)
    app = Flask("x")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    Babel(app, locale_selector=lambda: "zh_CN")
    with app.test_request_context("/"):
        assert gettext("Team") == "队伍"
