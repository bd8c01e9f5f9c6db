"""Small bundles that tests write into a folder, change, and read."""

import copy
from pathlib import Path
from typing import Any

import yaml

ORGANIZER = "organizer@demo.example"
JUDGE = "judge@demo.example"
REFERENCE = "id,split,value\na,public,1\nb,private,2\n"


def both(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"{text}(中文)"}


def phase(slug: str, starts: str, ends: str, **values: Any) -> dict[str, Any]:
    given = {
        "slug": slug,
        "kind": "preliminary",
        "title": both(slug),
        "starts": starts,
        "ends": ends,
        "reference": f"hidden/{slug}.csv",
    }
    return {**given, **values}


def task(slug: str = "load", **values: Any) -> dict[str, Any]:
    given = {
        "slug": slug,
        "title": both("Load"),
        "sponsor": both("Grid"),
        "prize": both("¥1"),
        "kind": "predictions",
        "statement": both("Forecast."),
        "rules": both("Be fair."),
        "agreement": both("Keep it."),
        "data": [{"file": "data/train.csv", "description": both("The past")}],
        "evaluation": {"id": "id", "split": "split", "metrics": [{"metric": "rmse", "target": "value"}]},
        "phases": [phase("first", "-1 d", "+10 d"), phase("last", "+11 d", "+20 d", kind="final")],
    }
    return {**given, **values}


def competition(*tasks: dict[str, Any] | str, **values: Any) -> dict[str, Any]:
    given = {
        "leitai": 1,
        "slug": "cup",
        "title": both("Cup"),
        "summary": both("A cup"),
        "place": both("Online"),
        "starts": "-2 d",
        "ends": "+30 d",
        "tracks": [{"slug": "energy", "title": both("Energy"), "tasks": list(tasks) or [task()]}],
    }
    return {**given, **values}


def write(folder: Path, document: dict[str, Any], files: dict[str, str] | None = None) -> Path:
    """The bundle with the data that `task()` names; ``files`` come on top."""
    given = {
        "data/train.csv": "id,value\nx,1\n",
        "hidden/first.csv": REFERENCE,
        "hidden/last.csv": REFERENCE,
        "competition.yaml": yaml.safe_dump(copy.deepcopy(document), allow_unicode=True, sort_keys=False),
    }
    for name, content in {**given, **(files or {})}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
    return folder
