"""A folder as Hugging Face's competitions have it: conf.json, solution.csv, perhaps metric.py."""

import shutil
from pathlib import Path

from leitai.competitions.bundle.loading import NAME
from leitai.competitions.bundle.yaml_reader import read_yaml
from leitai.competitions.foreign import kaggle, moving, programs, scoring_images, tables
from leitai.competitions.foreign.dates import moment, shown
from leitai.competitions.foreign.kaggle import Table
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.unpacking import Source
from leitai.competitions.foreign.values import Given
from leitai.competitions.foreign.writing import Document, slug, write_yaml

CONF, METRIC = "conf.json", "metric.py"


def import_huggingface(source: Source, folder: Path, report: Report) -> None:
    """Write the bundle into ``folder``.

    Raises:
        BundleError: it cannot be used here.
    """
    root = source.root
    if not (root / CONF).is_file():
        raise refused(root.name, CONF, "is missing.", f"Put {CONF} at the top of the folder.")
    given = Given(moving.read_json(root / CONF), CONF)
    table = _table(root, given)
    title = given.text("COMPETITION_NAME", given.text("COMPETITION_ID", root.name).rpartition("/")[2])
    name = slug(title, "task")
    evaluation, way = _evaluation(root, folder / name, given, table, report)
    kaggle.write_table(folder, table, evaluation, way, report, title=title)
    _told(folder, given, report)


def _table(root: Path, given: Given) -> Table:
    for name in (kaggle.SOLUTION, kaggle.SAMPLE):
        if not (root / name).is_file():
            raise refused(root.name, name, "is missing.", f"Put {name} at the top of the folder.")
    solution, sample = tables.header(root / kaggle.SOLUTION), tables.header(root / kaggle.SAMPLE)
    key = given.text("SUBMISSION_ID_COLUMN", sample.names[0])
    if key not in solution.names or key not in sample.names:
        raise refused(CONF, "SUBMISSION_ID_COLUMN", f"{key} is no column of both tables.", "Correct it.")
    return Table(root, kaggle.SOLUTION, solution, sample, key, tables.split_column(solution, "split"))


def _evaluation(root: Path, task: Path, given: Given, table: Table, report: Report) -> tuple[Document, str]:
    metric = given.text("EVAL_METRIC", "custom")
    if metric.lower() != "custom" and not (root / METRIC).is_file():
        return kaggle.builtin_evaluation(metric, table, report), "rewritten"
    if not (root / METRIC).is_file():
        raise refused(
            root.name, METRIC, "is missing.", "Put the file with compute() at the top of the folder."
        )
    task.mkdir(parents=True)
    shutil.copyfile(root / METRIC, task / METRIC)
    programs.look(task, "metric", report)
    keys = [name.strip() for name in given.text("SCORING_METRIC", "").split(",") if name.strip()]
    higher = given.flag("EVAL_HIGHER_IS_BETTER", default=True)
    if not keys:
        keys = ["score"]
        told = "is missing: `score` was taken. Name the keys of compute()'s result in evaluation.columns."
        report.changed(f"{CONF}: SCORING_METRIC", told)
    program: Document = {"kind": "huggingface", "path": METRIC, "parameters": {"metric": metric}}
    image = scoring_images.choose("runtime", task, report)
    if image != "runtime":
        program["image"] = image
    columns = [{"name": key, "key": key, "direction": "higher" if higher else "lower"} for key in keys]
    report.taken(METRIC, "its compute() is called with what it is called with at home.")
    return {"id": table.key, "split": table.split, "program": program, "columns": columns}, "as it is"


def _told(folder: Path, given: Given, report: Report) -> None:
    [place] = folder.glob("*/task.yaml")
    task = read_yaml(place, place.name)
    [phase] = task["phases"]
    phase["daily_limit"] = max(1, given.number("SUBMISSION_LIMIT", 5))
    phase["total_limit"] = max(phase["total_limit"], phase["daily_limit"])
    report.taken(f"{CONF}: SUBMISSION_LIMIT", f"{phase['daily_limit']} a day.")
    edition = read_yaml(folder / NAME, NAME)
    if ends := moment(given, "END_DATE", report):
        starts = moving.after(ends, -kaggle.DAYS)
        phase["starts"] = edition["starts"] = shown(starts)
        phase["ends"] = edition["ends"] = shown(ends)
        report.changed(
            f"{CONF}: END_DATE", f"holds; no file says when it began: {shown(starts)} was written."
        )
    write_yaml(place, task)
    write_yaml(folder / NAME, edition)
