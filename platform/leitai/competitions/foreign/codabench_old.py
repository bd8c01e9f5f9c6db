"""Bundles of version 1 (CodaLab Competitions), with their keys renamed to those of version 2."""

from collections.abc import Mapping
from typing import Any

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.foreign.report import Report
from leitai.competitions.foreign.values import Given

# Of a page's key its title.
TITLES = {"overview": "Overview", "evaluation": "Evaluation", "data": "Data"}
LONG_AGO_DAILY = 999
FILES = ("reference_data", "input_data", "scoring_program", "ingestion_program")


def renamed(document: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The same competition with the keys of version 2."""
    given = Given(document, NAME)
    report.changed(f"{NAME}: version", "is missing: a bundle of version 1, whose keys were read as its own.")
    phases = sorted(given.items("phases"), key=lambda phase: phase.number("phasenumber", 0))
    return {
        **{key: document[key] for key in ("title", "description", "image") if key in document},
        "docker_image": given.text("competition_docker_image"),
        "version": 2,
        **_pages(given),
        "tasks": [_task(phase, number) for number, phase in enumerate(phases)],
        "phases": [_phase(given, phases, number, report) for number in range(len(phases))],
        "leaderboards": [{"title": "Results", "key": "results", "columns": _columns(given)}],
    }


def _pages(given: Given) -> dict[str, Any]:
    html = given.within("html")
    names = {key: html.text(key) for key in html.values if html.text(key)}
    terms = names.pop("terms", "")
    ordered = [key for key in TITLES if key in names] + [key for key in names if key not in TITLES]
    pages = [{"title": TITLES.get(key, key), "file": names[key]} for key in ordered]
    return {"pages": pages, **({"terms": terms} if terms else {})}


def _task(phase: Given, number: int) -> dict[str, Any]:
    files = {key: phase.values[key] for key in FILES if phase.has(key)}
    if phase.flag("is_scoring_only", default=True) and "ingestion_program" not in files:
        files.pop("input_data", None)
    elif "input_data" not in files and phase.has("public_data"):
        # Where code is run without hidden input, it reads the public data.
        files["input_data"] = phase.values["public_data"]
    name = phase.text("label", f"Phase {number + 1}")
    return {"index": number, "name": name, "description": phase.text("description"), **files}


def _phase(given: Given, phases: list[Given], number: int, report: Report) -> dict[str, Any]:
    phase = phases[number]
    found = {
        "index": number,
        "name": phase.text("label", f"Phase {number + 1}"),
        "description": phase.text("description"),
        "start": phase.values.get("start_date"),
        "tasks": [number],
        "max_submissions": phase.number("max_submissions", 100),
        "max_submissions_per_day": phase.number("max_submissions_per_day", LONG_AGO_DAILY),
        "auto_migrate_to_this_phase": phase.flag("auto_migration"),
        **{key: phase.values[key] for key in ("public_data", "starting_kit") if phase.has(key)},
    }
    if phase.has("execution_time_limit"):
        found["execution_time_limit"] = phase.number("execution_time_limit", 600)
    if number + 1 == len(phases) and given.has("end_date"):
        found["end"] = given.values["end_date"]
    for data in phase.items("datasets") if phase.has("datasets") else []:
        if data.has("url"):
            told = f"{data.text('name')} lies at {data.text('url')}; put the file into data."
            report.changed(f"{NAME}: {data.key}", told)
    return found


def _columns(given: Given) -> list[dict[str, Any]]:
    columns = given.within("leaderboard").within("columns")
    rows = {key: columns.within(key) for key in columns.values if isinstance(columns.values[key], Mapping)}
    ordered = sorted(rows, key=lambda key: rows[key].number("rank", 1))
    indexes = {key: number for number, key in enumerate(ordered)}
    return [_column(key, indexes, rows[key]) for key in ordered]


def _column(key: str, indexes: Mapping[str, int], row: Given) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": row.text("label", key),
        "key": key,
        "index": indexes[key],
        "sorting": row.text("sort", "desc"),
        "precision": row.number("numeric_format", 2),
    }
    computed = row.within("computed")
    fields = [name.strip() for name in computed.text("fields").split(",") if name.strip() in indexes]
    if fields:
        found["computation"] = computed.text("operation", "avg").lower()
        found["computation_indexes"] = [indexes[name] for name in fields]
    return found
