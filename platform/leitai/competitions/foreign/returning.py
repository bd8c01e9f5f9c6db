"""What Codabench has no place for travels under a key of its own, and comes back when it is imported."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.bundle.yaml_reader import read_yaml
from leitai.competitions.foreign.writing import write_yaml

KEY = "leitai"
Values = dict[str, Any]


def restore(folder: Path, foreign: Mapping[str, Any]) -> None:
    """Write what travelled over what was made of the rest; keys that Codabench has are never among it."""
    kept = foreign.get(KEY)
    if not isinstance(kept, Mapping):
        return
    competition = read_yaml(folder / NAME, NAME)
    _overlay(competition, kept.get("competition"))
    track = competition["tracks"][0]
    _overlay(track, kept.get("track"))
    tasks = kept.get("tasks")
    for name, values in zip(track["tasks"], tasks if isinstance(tasks, list) else [], strict=False):
        place = folder / str(name)
        task = read_yaml(place, str(name))
        _overlay(task, values)
        write_yaml(place, task)
    write_yaml(folder / NAME, competition)


def _overlay(document: Values, values: Any) -> None:
    for key, value in (values if isinstance(values, Mapping) else {}).items():
        items = document.get(str(key))
        if key in {"phases", "baselines", "data"} and isinstance(value, list) and isinstance(items, list):
            for item, more in zip(items, value, strict=False):
                _overlay(item, more)
        elif value is None:
            document.pop(str(key), None)
        else:
            document[str(key)] = value


def difference(wanted: Mapping[str, Any], found: Mapping[str, Any], lists: tuple[str, ...] = ()) -> Values:
    """What turns ``found`` into ``wanted`` when it is laid over it; a key that is to go has no value."""
    changed: Values = {key: None for key in found if key not in wanted}
    for key, value in wanted.items():
        if key in lists and isinstance(found.get(key), list) and len(found[key]) == len(value):
            items = [difference(new, old) for new, old in zip(value, found[key], strict=True)]
            if any(items):
                changed[key] = items
        elif key not in found or found[key] != value:
            changed[key] = value
    return changed
