"""A folder as Kaggle's competitions have it: solution.csv, sample_submission.csv, open data, a metric."""

import ast
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leitai.competitions.foreign import moving, programs, scoring_images, tables
from leitai.competitions.foreign.report import Report, refused
from leitai.competitions.foreign.tables import Header
from leitai.competitions.foreign.unpacking import Source
from leitai.competitions.foreign.writing import Document, Task, both, slug, write_bundle

SOLUTION, SAMPLE = "solution.csv", "sample_submission.csv"
USAGE = "Usage"
DAYS = 30
TEXTS = ("description.md", "overview.md", "README.md", "description.html", "overview.html")
RULES = ("rules.md", "rules.html")
# Where neither the metric nor a text says which is better.
LOWER = ("error", "loss", "rmse", "mae", "mse", "distance", "deviance", "crps", "wer", "cer")


def import_kaggle(source: Source, folder: Path, report: Report) -> None:
    """Write the bundle into ``folder``.

    Raises:
        BundleError: it cannot be used here.
    """
    root = source.root
    solution = tables.header(_needed(root, SOLUTION))
    sample = tables.header(_needed(root, SAMPLE))
    key = sample.names[0]
    if key not in solution.names:
        raise refused(SOLUTION, "", f"has no column {key}, the first one of {SAMPLE}.", "Add it.")
    split = tables.split_column(solution, USAGE)
    table = Table(root, SOLUTION, solution, sample, key, split)
    evaluation, reference = _evaluation(folder, table, report)
    write_table(folder, table, evaluation, reference, report, title=_title(root))


@dataclass(frozen=True)
class Table:
    """What such a folder says of its table."""

    root: Path
    solution_name: str
    solution: Header
    sample: Header
    key: str
    split: str

    @property
    def targets(self) -> Sequence[str]:
        """The columns that are compared."""
        return tables.targets(self.solution, self.sample, self.split, self.key)


def _needed(root: Path, name: str) -> Path:
    place = root / name
    if not place.is_file():
        raise refused(root.name, name, "is missing.", f"Put {name} at the top of the folder.")
    return place


def _title(root: Path) -> str:
    return root.name.replace("_", " ").replace("-", " ").strip().capitalize() or "Competition"


def _metric_file(root: Path) -> Path | None:
    """The Python file at the top that defines score()."""
    found = [path for path in sorted(root.glob("*.py")) if has_function(path, "score")]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise refused(root.name, "", f"has several files with score(): {names}.", "Leave one of them.")
    return found[0] if found else None


def has_function(path: Path, name: str) -> bool:
    """Whether a program defines a function, as far as can be told without running it."""
    if path.stat().st_size > programs.LONGEST:
        return False
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return f"def {name}(".encode() in path.read_bytes()
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


def _evaluation(folder: Path, table: Table, report: Report) -> tuple[Document, str]:
    """The evaluation, and whether the reference is taken as it is or rewritten."""
    metric = _metric_file(table.root)
    if metric is None:
        return builtin_evaluation(_named_metric(table.root), table, report), "rewritten"
    name = slug(_title(table.root), "task")
    target = folder / name / metric.name
    target.parent.mkdir(parents=True)
    shutil.copyfile(metric, target)
    _look(metric, report)
    columns = [
        {"name": "Score", "direction": direction(metric.stem, metric.read_text("utf-8", "replace"), report)}
    ]
    program: Document = {"kind": "kaggle", "path": metric.name, "predictions": list(table.sample.names[1:])}
    if parameters := needed_parameters(metric):
        told = f"score() needs {', '.join(parameters)}: write them below evaluation.program.parameters."
        report.cannot(metric.name, told)
    image = scoring_images.choose("runtime", target.parent, report)
    if image != "runtime":
        program["image"] = image
    report.taken(metric.name, "its score() is called for each split, with what it is called with on Kaggle.")
    return {"id": table.key, "split": table.split, "program": program, "columns": columns}, "as it is"


def _look(metric: Path, report: Report) -> None:
    for finding in programs.findings(metric.parent):
        if finding.file == metric.name:
            report.cannot(f"{finding.file}, line {finding.line}", f"{finding.problem} {finding.remedy}")


def needed_parameters(metric: Path) -> list[str]:
    """Arguments of score() beyond the first three that have no default."""
    try:
        tree = ast.parse(metric.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "score":
            return list(_needed_of(node.args))
    return []


def _needed_of(arguments: ast.arguments) -> Iterator[str]:
    every = [*arguments.posonlyargs, *arguments.args]
    without = every[: len(every) - len(arguments.defaults)]
    yield from (argument.arg for argument in without[3:])
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is None and argument.arg not in {"solution", "submission", "row_id_column_name"}:
            yield argument.arg


def direction(name: str, text: str, report: Report) -> str:
    """Which is better, as the names in a program suggest."""
    lower = any(word in f"{name} {text}".lower() for word in LOWER)
    found = "lower" if lower else "higher"
    report.changed(
        "direction", f"stands nowhere; {found} was taken for better. Correct evaluation.columns if not."
    )
    return found


def _named_metric(root: Path) -> str:
    place = root / "metric.txt"
    if place.is_file() and place.stat().st_size < 1000:
        return place.read_text("utf-8", "replace").strip()
    remedy = "Put the metric's .py with score() into the folder, or its name into a metric.txt."
    raise refused(root.name, "", "has no metric.", remedy)


def builtin_evaluation(name: str, table: Table, report: Report) -> Document:
    """A metric of ours under the name that the organizer gave.

    Raises:
        BundleError: we have none, or it cannot be told what it compares.
    """
    ours = tables.builtin(name)
    if not ours:
        remedy = "Name another, or bring the metric as a Python file."
        raise refused("metric", "", f"{name!r} is no metric that is known here.", remedy)
    if not table.targets:
        problem = f"and {table.solution_name} have no column in common beside {table.key}."
        raise refused(SAMPLE, "", problem, "Name the columns of answers alike in both.")
    report.changed(
        f"metric {name}", f"is computed by the metric `{ours}` of ours: compare one score before you open."
    )
    several = len(table.targets) > 1
    metrics = [
        {"metric": ours, "name": f"{name} ({target})" if several else name, "target": target}
        for target in table.targets
    ]
    if several:
        told = "each has its own score and the first one ranks; `combine` can take their mean."
        report.changed("columns", f"{', '.join(table.targets)} are several: {told}")
    return {"id": table.key, "split": table.split, "metrics": metrics}


def write_table(
    folder: Path, table: Table, evaluation: Document, reference: str, report: Report, *, title: str
) -> None:
    """The bundle of one task that compares a table."""
    name = slug(title, "task")
    task = Task(folder / name)
    task.folder.mkdir(exist_ok=True)
    starts, ends = "+0 d", f"+{DAYS} d"
    told = (
        f"are in no file of the folder: the phase begins when the bundle is applied, and lasts {DAYS} days."
    )
    report.changed("dates", told)
    phase = moving.Phase("Final", starts, ends, 5, 100)
    [document] = moving.phase_documents([phase], "phases", report)
    document["title"] = both("Final", "决赛")
    document["reference"] = _reference(task, table, reference, report)
    task.document = {
        "slug": name,
        "title": both(title),
        **moving.defaults(report),
        "kind": "predictions",
        **_texts(task, table.root, title, report),
        "data": _data(task, table, report),
        "evaluation": evaluation,
        "limits": {"upload": "100 MB"},
        "phases": [document],
        "baselines": [
            {"name": "sample submission", "file": task.put(table.root / SAMPLE, f"baselines/{SAMPLE}")}
        ],
    }
    report.taken(SAMPLE, "is open data, and the baseline that `leitai check` tries.")
    write_bundle(folder, moving.edition(name, title, title, [document]), [task])


def _reference(task: Task, table: Table, way: str, report: Report) -> str:
    name = f"hidden/{SOLUTION}"
    source = table.root / table.solution_name
    if way == "as it is":
        report.taken(table.solution_name, "is the reference.")
        return task.put(source, name)
    tables.rewrite(source, task.folder / name, table.split, report)
    return name


def _texts(task: Task, root: Path, title: str, report: Report) -> Document:
    statement = next((root / name for name in TEXTS if (root / name).is_file()), None)
    rules = next((root / name for name in RULES if (root / name).is_file()), None)
    text = moving.page(statement, statement.name, report) if statement else f"{title}\n"
    if statement is None:
        report.changed("statement", f"there is none of {', '.join(TEXTS)}; write statement.en.md and .zh.md.")
    told = moving.same(moving.page(rules, rules.name, report)) if rules else moving.RULES
    return {
        "statement": task.page("statement", moving.same(text)),
        "rules": task.page("rules", told),
        "agreement": task.page("agreement", moving.AGREEMENT),
    }


def _data(task: Task, table: Table, report: Report) -> list[Document]:
    hidden = {table.solution_name, "metric.txt", "conf.json", *TEXTS, *RULES}
    found = []
    for path in sorted(table.root.iterdir()):
        if path.name in hidden or path.suffix == ".py" or path.name.startswith((".", "__")):
            continue
        found.append(moving.open_data(task, path, path.name, both(path.name), report))
    return found
