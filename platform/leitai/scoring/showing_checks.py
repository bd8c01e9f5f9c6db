"""`leitai check` on a terminal or as JSON: progress, a table of the baselines, the exit code."""

from collections.abc import Callable
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitai import db
from leitai.competitions.bundle import efficiency
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import Bundle, load_bundle
from leitai.competitions.bundle.printing import EXIT_PROBLEMS, print_json, print_problems
from leitai.scoring.checking import Finding, Trial, dry_run, unready
from leitai.scoring.parts import Parts

EXIT_NO_SANDBOX = 3


def run(path: Path, wire: Callable[[], Parts], *, try_baselines: bool, as_json: bool) -> int:
    """Check the bundle at ``path``. Returns the exit code."""
    try:
        bundle = load_bundle(path, db.now())
    except BundleError as error:
        print_problems(error.problems, as_json=as_json)
        return EXIT_PROBLEMS
    hints = [hint for loaded in bundle.tasks for hint in efficiency.advice(loaded.spec)]
    for hint in () if as_json else hints:
        Console(stderr=True).print(Text(hint, style="yellow"), soft_wrap=True)
    if not try_baselines:
        _say_valid(bundle, hints, as_json=as_json)
        return 0
    parts = wire()
    if why := unready(parts):
        Console(stderr=True).print(Text(why, style="bold red"), soft_wrap=True)
        return EXIT_NO_SANDBOX
    findings = _findings(bundle, parts)
    if as_json:
        tried = [asdict(finding) for finding in findings]
        print_json({"problems": [], "advice": hints, "baselines": tried})
    else:
        _print(findings)
    return EXIT_PROBLEMS if any(finding.problem for finding in findings) else 0


def _say_valid(bundle: Bundle, hints: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"problems": [], "advice": hints, "baselines": []})
    else:
        Console().print(f"{bundle.competition.slug} is valid; its baselines were not tried.")


def _findings(bundle: Bundle, parts: Parts) -> list[Finding]:
    with Console(stderr=True).status("Storing the data of the bundle") as status:

        def begin(trial: Trial) -> None:
            status.update(f"{trial.task.slug} / {trial.phase.slug}: {trial.baseline.name}")

        return list(dry_run(bundle, parts, begin))


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    for (task, phase), group in groupby(findings, key=lambda finding: (finding.task, finding.phase)):
        console.print(_table(f"{task} / {phase}", list(group)), "")
    for finding in findings:
        if finding.problem:
            where = f"{finding.task} / {finding.phase}: {finding.baseline}"
            console.print(Text(where, style="bold red"), soft_wrap=True)
            console.print(Text(f"  {finding.problem}\n{finding.log}".rstrip()), soft_wrap=True)
        elif finding.notes:
            console.print(Text(f"{finding.baseline}: {finding.notes}"), soft_wrap=True)
    wrong = sum(bool(finding.problem) for finding in findings)
    console.print(f"Baselines tried: {len(findings)}, not as expected: {wrong}.")


def _table(title: str, findings: list[Finding]) -> Table:
    """One phase; the scores stand in the order of the names above them."""
    names = max((list(finding.public) for finding in findings), key=len)
    title += f"  {', '.join(names)}" if names else ""
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, pad_edge=False)
    table.add_column()
    for column in ("Baseline", "Outcome", "Public", "Private"):
        table.add_column(column, overflow="fold")
    table.add_column("Seconds", justify="right")
    for finding in findings:
        table.add_row(*_row(finding))
    return table


def _row(finding: Finding) -> list[Text]:
    sign = Text("✗", style="red") if finding.problem else Text("✓", style="green")
    texts = (finding.baseline, finding.outcome, _scores(finding.public), _scores(finding.private))
    return [sign, *map(Text, texts), Text(f"{finding.seconds:.2f}")]


def _scores(scores: dict[str, float]) -> str:
    return "  ".join(f"{value:.4f}" for value in scores.values())
