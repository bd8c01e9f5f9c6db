"""YAML as data and nothing else: no tags, no aliases, no duplicate keys, bounded size and depth."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from leitai.competitions.bundle.errors import BundleError, Problem

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 20
# Control characters and halves of pairs: no text needs them, and databases refuse them.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Times stay text, and `NO` stays Norway: YAML 1.1 would read a local time and a boolean out of them.
PLAIN = {
    "tag:yaml.org,2002:null": re.compile(r"^(?:~|null|)$"),
    "tag:yaml.org,2002:bool": re.compile(r"^(?:true|false)$"),
    "tag:yaml.org,2002:int": re.compile(r"^-?(?:0|[1-9]\d{0,17})$"),
    "tag:yaml.org,2002:float": re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$"),
}


class Loader(yaml.SafeLoader):
    """Plain values; files of other platforms may do a little more."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 PyYAML's own shape

    aliases = False
    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if not self.aliases and (isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)):
            raise _refusal(event, "uses an anchor or an alias", "Write the value out where it is needed.")
        if (tag := getattr(event, "tag", None)) is not None:
            raise _refusal(event, f"uses the tag {tag}", "Remove it: bundles hold plain values only.")
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise _refusal(event, f"is nested deeper than {DEPTH_LIMIT} levels", "Flatten it.")
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        if isinstance(node, ScalarNode) and (found := FORBIDDEN.search(node.value)):
            raise _refusal(node, f"holds the character {found[0]!r}", "Remove it.")
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise _refusal(key, "has a key that is no text", "Write a plain word as the key.")
            if key.value in seen:
                self.stands_twice(key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def stands_twice(self, key: ScalarNode) -> None:
        """What is to happen with a key that its mapping has already."""
        raise _refusal(key, f"has the key {key.value!r} twice", "Keep one of them.")


for _tag, _pattern in PLAIN.items():
    Loader.add_implicit_resolver(_tag, _pattern, None)


class _Refused(yaml.MarkedYAMLError):
    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.reason, self.remedy = line, problem, remedy


def _refusal(place: Any, problem: str, remedy: str) -> _Refused:
    return _Refused(place.start_mark.line + 1, problem, remedy)


def read_yaml(path: Path, shown: str, loader: type[Loader] = Loader) -> dict[str, Any]:
    """The mapping in a YAML file; ``shown`` is the file's name in errors.

    Raises:
        BundleError: too large, not UTF-8, not plain YAML, or no mapping.
    """
    try:
        document = _load(_content(path), loader)
    except _Refused as error:
        raise _bundle_error(shown, f"line {error.line} {error.reason}.", error.remedy) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _bundle_error(shown, f"line {line} is not YAML: {error.problem}.", "Correct it.") from None
    except yaml.YAMLError:
        raise _bundle_error(shown, "holds a character that YAML forbids.", "Remove it.") from None
    except UnicodeDecodeError:
        raise _bundle_error(shown, "is not UTF-8.", "Save it as UTF-8.") from None
    except _TooLargeError:
        limit = f"is larger than {SIZE_LIMIT // 1_000_000} MB."
        raise _bundle_error(shown, limit, "Move long texts into Markdown files.") from None
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise _bundle_error(shown, "is not a mapping of keys to values.", "See the bundle format.")
    return document


class _TooLargeError(Exception):
    pass


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise _TooLargeError
    return content


def _load(content: bytes, loader: type[Loader]) -> Any:
    return yaml.load(content.decode("utf-8-sig"), loader)  # noqa: S506 not wider than the safe loader


def _bundle_error(file: str, problem: str, remedy: str) -> BundleError:
    return BundleError([Problem(file, "", problem, remedy)])
