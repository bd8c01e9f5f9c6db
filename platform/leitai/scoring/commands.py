"""The commands of scoring: worker, sweeper, check, evaluate, verify."""

import os
import secrets
import signal
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from leitai.scoring.parts import Parts
    from leitai.settings import Settings

# By name, for a slice imports nothing above it.
WIRING = "leitai.worker"


def _wired(settings: "Settings", worker: str = "") -> "Parts":
    return cast("Parts", import_module(WIRING).wire(settings, worker))


@click.command()
@click.option("--burst", is_flag=True, help="End when nothing waits.")
def worker(*, burst: bool) -> None:
    """Score submissions until told to stop.

    Told to stop in the middle of a run, it gives the submission back to the queue. Any number of workers may
    run, on any number of machines with a Docker engine.
    """
    from leitai.logs import speak_plainly
    from leitai.scoring import jobs, listening
    from leitai.scoring.presence import Presence
    from leitai.scoring.scorer import Scorer
    from leitai.scoring.warming import Warmer
    from leitai.settings import load_settings

    speak_plainly()
    settings = load_settings()
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}"
    scorer = Scorer(_wired(settings, name), settings, name)
    jobs.equip(scorer)
    with Warmer(scorer, settings), Presence(scorer, settings):
        listening.serve(scorer, burst=burst)


@click.command()
@click.option("--once", is_flag=True, help="Sweep once and say what was found.")
def sweeper(*, once: bool) -> None:
    """Return lost work to the queue, wake workers, show private boards that are due, clear strays."""
    from leitai.logs import speak_plainly
    from leitai.scoring.sweeping import Sweeper
    from leitai.settings import load_settings

    speak_plainly()
    settings = load_settings()
    own = Sweeper(_wired(settings).sandbox, settings)
    if once:
        for name, found in own.sweep().items():
            click.echo(f"{name}: {found}")
        return
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        own.sweep()
        stopping.wait(settings.scoring.sweep_s)


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run/--no-dry-run", default=True, help="Whether to try the baselines in the sandbox.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(*, bundle: Path, dry_run: bool, as_json: bool) -> None:
    """Validate BUNDLE and dry-run its baselines in the sandbox, without a portal.

    Exits with 0 when every baseline ended as the bundle expects, with 1 when one did not or the bundle has
    problems, with 3 when there is no sandbox.
    """
    from leitai.scoring import showing_checks
    from leitai.settings import load_settings

    settings = load_settings()
    sys.exit(showing_checks.run(bundle, lambda: _wired(settings), try_baselines=dry_run, as_json=as_json))


@click.command()
@click.argument("task_or_bundle", type=click.Path(exists=True, path_type=Path))
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--task", default="", help="The slug of the task, where a bundle has several.")
@click.option("--phase", default="", help="Whose hidden reference it is compared with. Default: the first.")
@click.option("--validation", is_flag=True, help="Compare with the task's open validation data instead.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def evaluate(
    *, task_or_bundle: Path, file: Path, task: str, phase: str, validation: bool, as_json: bool
) -> None:
    """Score FILE on this machine, as the portal would.

    TASK_OR_BUNDLE is a bundle, or the folder of one of its tasks: organizers compare with the hidden data. Or
    it is a folder that `leitai download` filled: teams compare with the open validation data, where the task
    has some. Where submissions hold several tables, FILE is their zip, or the folder that a program wrote.
    Exits with 0 when there is a score, with 1 when the file is rejected or the bundle has problems, with 3
    when a program has to run and there is no sandbox.
    """
    from leitai.scoring import showing_evaluations
    from leitai.settings import load_settings

    chosen = {"task": task, "phase": phase, "validation": validation}
    wire = lambda: _wired(load_settings())  # noqa: E731 wired only when a program has to run
    sys.exit(showing_evaluations.run(task_or_bundle, file, wire, as_json=as_json, **chosen))


@click.command()
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def verify(*, receipt: Path, as_json: bool) -> None:
    """Score again what RECEIPT tells of, and compare.

    RECEIPT is the JSON file that a submission's page offers. Run it where the portal's database, artefacts
    and sandbox are at hand. Exits with 0 when the same parts gave the same scores, with 1 when something
    differs or the file is no receipt of this portal, with 3 when there is no sandbox.
    """
    from leitai.scoring import showing_verifications
    from leitai.settings import load_settings

    wire = lambda: _wired(load_settings())  # noqa: E731 wired only for a file that is a receipt
    sys.exit(showing_verifications.run(receipt, wire, as_json=as_json))
