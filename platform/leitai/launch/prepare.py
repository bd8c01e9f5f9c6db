"""The steps between a clone and a portal, each shown with its time and done only as far as needed."""

from contextlib import ExitStack
from pathlib import Path

from leitai.launch import assets, catalogue, engine
from leitai.launch.ground import GroundError, apt_install, is_debian_root
from leitai.launch.progress import console, step
from leitai.settings import HOME, Settings

# What is built from the code lies with the code, wherever the data is.
BUILT = HOME / "var"
BROWSER = ("/usr/bin/chromium", "chromium")
# Chinese pages and their pictures need a font that has the characters.
FONT = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk")


def prepare_code() -> None:
    """What the code needs to be served: front-end files and compiled translations."""
    with step("Front-end files") as doing:
        doing.close("fetched" if assets.build(BUILT, doing.tell) else "as they were")
    with step("Translations") as doing:
        doing.close(f"{catalogue.compile_all()} compiled")


def prepare_engine(settings: Settings, stack: ExitStack, *, outlive: bool) -> None:
    """Have an engine; one that we start ends when the stack does, unless it shall outlive us.

    Raises:
        EngineError: there is none, and we cannot start one.
    """
    with step("Docker engine") as doing:
        own = engine.ensure(settings, doing.tell, outlive=outlive)
        if own:
            stack.callback(own.stop)
        doing.close("started by us, ends with us" if own else engine.address(settings))


def prepare_images(settings: Settings, *, every: bool = False) -> None:
    """Build the sandbox images that are missing, or also those that few need; tags carry a recipe's digest.

    Raises:
        EngineError: the engine does not answer.
    """
    from leitai.launch.sandbox_images import NAMES, ON_DEMAND, build_missing  # noqa: PLC0415 only this step needs the engine

    with step("Sandbox images") as doing:
        names = (*NAMES, *ON_DEMAND) if every else NAMES
        built = build_missing(settings, names, doing.tell)
        doing.close(f"built {', '.join(built)}" if built else "as they were")


def prepare_database() -> None:
    """Create the database or bring it to this version."""
    from leitai.db import migrate  # noqa: PLC0415 the other steps need no database

    with step("Database") as doing:
        doing.close(migrate())


def prepare_demo() -> list[tuple[str, str, str]]:
    """Load the demo competition and its baselines. Returns its accounts: who, e-mail, password."""
    from leitai.launch import demo  # noqa: PLC0415 production has no demo

    with step("Demo competition") as doing:
        return demo.load(doing.tell)


def prepare_browser(settings: Settings) -> None:
    """What browser tests need of the machine.

    Raises:
        GroundError: it is missing, and we may not install it.
    """
    missing = [package for path, package in (BROWSER, FONT) if not Path(path).exists()]
    if missing and not is_debian_root():
        raise GroundError(f"The tests need these packages. As root: apt-get install {' '.join(missing)}")
    if missing:
        with step("Browser"):
            apt_install(missing, settings.path("log") / "apt.log")


def warn(error: GroundError) -> None:
    """Tell what is missing and go on without it."""
    console.print(f"[yellow]![/yellow] {error}", soft_wrap=True)
    console.print("  Until then submissions are accepted and wait in the queue.", style="dim")
