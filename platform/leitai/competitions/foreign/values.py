"""Values of foreign YAML: written by hand for a laxer reader, and bounded here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yaml.nodes import Node, ScalarNode

from leitai.competitions.bundle.yaml_reader import Loader, read_yaml
from leitai.competitions.foreign.report import Report, refused

MOST_ITEMS = 200
TRUE, FALSE = {"true", "yes", "on", "y"}, {"false", "no", "off", "n"}


class Unquoted(str):
    """A text that stood without quotes, so that another reader may have taken it for a date."""

    __slots__ = ()


class _Loader(Loader):
    """As other platforms read: anchors are followed, and of a key that stands twice the last one counts."""

    aliases = True
    twice: list[str]

    def construct_scalar(self, node: ScalarNode | Any) -> Any:
        value = super().construct_scalar(node)
        plain = isinstance(node, ScalarNode) and node.style is None
        return Unquoted(value) if plain and isinstance(value, str) else value

    def stands_twice(self, key: Node) -> None:
        self.twice.append(str(key.value))


def read_foreign(path: Path, shown: str, report: Report) -> dict[str, Any]:
    """The mapping in a YAML file of another platform.

    Raises:
        BundleError: it is no plain YAML.
    """
    twice: list[str] = []
    loader = type("_Telling", (_Loader,), {"twice": twice})
    found = read_yaml(path, shown, loader)
    for key in twice:
        report.changed(f"{shown}: {key}", "stands twice in one mapping; the last one was taken.")
    return found


class Given:
    """A mapping of the file, with the place where it stands for messages."""

    def __init__(self, values: Any, file: str, key: str = "") -> None:
        if not isinstance(values, Mapping):
            raise refused(file, key, "is not a mapping of keys to values.", "Correct it.")
        self.values = {str(name): value for name, value in values.items()}
        self.file, self.key = file, key

    def at(self, name: str) -> str:
        """The place of a key."""
        return f"{self.key}.{name}" if self.key else name

    def has(self, name: str) -> bool:
        """Whether the key has a value."""
        return self.values.get(name) not in (None, "", [], {})

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers and flags are written as they are shown."""
        value = self.values.get(name)
        if value is None or isinstance(value, list | dict):
            return default
        return str(value).strip() or default

    def required(self, name: str) -> str:
        """A text that must be there."""
        if found := self.text(name):
            return found
        raise refused(self.file, self.at(name), "is missing.", "Add it: the format asks for it.")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false, however it is written."""
        written = self.text(name).lower()
        return written in TRUE if written in TRUE | FALSE else default

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(float(self.text(name)))
        except (ValueError, OverflowError):
            return default

    def items(self, name: str) -> list["Given"]:
        """The mappings of a list; older formats number them as keys of a mapping."""
        value = self.values.get(name) or []
        found = list(value.values()) if isinstance(value, Mapping) else value
        if not isinstance(found, list):
            raise refused(self.file, self.at(name), "is no list.", "Correct it.")
        if len(found) > MOST_ITEMS:
            raise refused(self.file, self.at(name), f"has more than {MOST_ITEMS} items.", "Shorten it.")
        return [Given(item, self.file, f"{self.at(name)}[{number}]") for number, item in enumerate(found)]

    def list(self, name: str) -> list[str]:
        """The texts of a list."""
        value = self.values.get(name)
        found = value if isinstance(value, list) else [] if value is None else [value]
        return [str(item) for item in found[:MOST_ITEMS]]

    def within(self, name: str) -> "Given":
        """A mapping in the mapping; empty where there is none."""
        value = self.values.get(name)
        return Given(value if isinstance(value, Mapping) else {}, self.file, self.at(name))
