"""What the documents say is so: commands, settings and links are there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel, SecretStr

from leitai import cli
from leitai.settings import HOME, Settings

DOCUMENTS = sorted([*HOME.glob("*.md"), *HOME.glob("docs/**/*.md"), *HOME.glob("examples/*.md")])
FENCED = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`((?:leitai|make) [^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def commands(text: str) -> Iterator[list[str]]:
    """Every `leitai …` and `make …` of a document, as words; variables in front are dropped."""
    rows = [row for block in FENCED.findall(text) for row in block.replace("\\\n", " ").splitlines()]
    for row in [*rows, *INLINE.findall(text)]:
        words = shlex.split(row.removeprefix("$ "), comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words and Path(words[0]).name in {"leitai", "make"}:
            yield [Path(words[0]).name, *words[1:]]


def named(path: Path) -> str:
    return str(path.relative_to(HOME))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z./-]+):", (HOME / "Makefile").read_text(), re.MULTILINE))


def fault(words: list[str]) -> str:
    """Why these words are no command of ours; empty when they are one."""
    if words[0] == "make":
        unknown = [word for word in words[1:] if "=" not in word and word not in {*targets(), "…"}]
        return f"no target {unknown}" if unknown else ""
    command: click.Command | None = cli.leitai
    for word in words[1:]:
        if isinstance(command, click.Group) and not word.startswith("-"):
            command = command.get_command(click.Context(command), word)
            if command is None:
                return f"no command {word}"
        elif word.startswith("--") and word not in {"--help", "--version", "--"} and command is not None:
            options = {
                option for parameter in command.params for option in parameter.opts + parameter.secondary_opts
            }
            if word.partition("=")[0] not in options:
                return f"no option {word}"
        elif word == "--":
            break
    return ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_command_of_a_document_exists(path: Path) -> None:
    found = {shlex.join(words): fault(words) for words in commands(path.read_text())}
    assert {command: why for command, why in found.items() if why} == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_inside_the_documents_leads_somewhere(path: Path) -> None:
    dead = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert dead == []


def test_both_readmes_open_with_the_two_commands_and_name_the_same_ones() -> None:
    english, chinese = (
        list(commands((HOME / name).read_text())) for name in ("README.md", "README.zh-CN.md")
    )
    assert english[:2] == [["make", "run"], ["make", "test"]]
    assert english == chinese


def test_every_command_is_found_and_explains_itself_and_a_wrong_one_is_refused() -> None:
    for name in cli.entries():
        found = CliRunner().invoke(cli.leitai, [name, "--help"])
        assert found.exit_code == 0, found.output
        assert len(found.output.splitlines()) > 3
    assert CliRunner().invoke(cli.leitai, ["nonsense"]).exit_code == 2


def test_every_command_of_every_slice_is_in_the_list() -> None:
    found = HOME.glob("platform/leitai/**/commands.py")
    modules = {".".join(path.relative_to(HOME / "platform").with_suffix("").parts) for path in found}
    assert modules == {entry.module for entry in cli.entries().values()}
    for module in modules:
        values = vars(__import__(module, fromlist=["*"])).values()
        below = [value for value in values if isinstance(value, click.Group)]
        inside = {id(command) for group in below for command in group.commands.values()}
        own = {value.name for value in values if isinstance(value, click.Command) and id(value) not in inside}
        assert own == {name for name, entry in cli.entries().items() if entry.module == module}


def leaves(model: type[BaseModel], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            found |= leaves(type(field.default), f"{before}{name}.")
        else:
            value = field.get_default(call_default_factory=True)
            found[before + name] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return found


def test_the_page_of_settings_has_every_key_with_its_default() -> None:
    page = (HOME / "docs/operators/settings.md").read_text()
    rows = re.findall(r"^\| `([a-z_.]+)` \| (?:`([^`]*)`)? ?\| .+ \|$", page, re.MULTILINE)
    assert dict(rows) == {key: str(value) for key, value in leaves(Settings).items()}
    assert len(rows) == len(dict(rows))


def test_both_configuration_files_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEITAI_CONFIG", str(HOME / "config/default.toml"))
    assert Settings().environment == "development"
    monkeypatch.setenv("LEITAI_CONFIG", str(HOME / "config/production.toml"))
    assert Settings().environment == "production"
