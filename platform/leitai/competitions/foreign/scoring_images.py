"""Which image a program that came along is to run in, and what it imports that the image does not have."""

import re
import sys
from functools import cache
from pathlib import Path

from leitai.competitions.foreign.programs import NETWORK, OLD_MODULES, imported
from leitai.competitions.foreign.report import Report
from leitai.settings import HOME

RECIPES = HOME / "config" / "images"
# Where a package has another name than its module.
MODULES = {
    "scikit-learn": "sklearn",
    "pillow": "PIL",
    "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "opencv-python-headless": "cv2",
    "beautifulsoup4": "bs4",
    "scikit-image": "skimage",
}
OLD = re.compile(r"codalab/codalab-legacy(?::(?:py3[67]?|py39|latest|gpu|py2.*))?$", re.IGNORECASE)
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


def choose(named: str, program: Path, report: Report) -> str:
    """The image for a scoring program: `legacy` for those written for old versions, else `runtime`."""
    wanted = _wanted(program)
    image = "legacy" if not named or OLD.match(named) or _only_legacy(wanted) else "runtime"
    shown = named or "no image"
    told = f"{shown}: the program runs in the image `{image}` here; `evaluation.program.image` says so."
    report.changed("docker_image", told)
    if missing := sorted(wanted - _present(image)):
        told = f"The image `{image}` does not have {', '.join(missing)}, which the program imports. "
        remedy = "Give the task an `image` of its own that has it, and write `image: task` below `program`."
        report.cannot("scoring program", told + remedy)
    return image


def look_at_ingestion(program: Path, report: Report) -> None:
    """Report what an ingestion program imports beyond the image where programs of teams run."""
    missing = _wanted(program) - _present("runtime")
    remedy = "Give the task an `image` of its own that has it."
    if packages := sorted(missing & _present("legacy")):
        told = f"The image `runtime` does not have {', '.join(packages)}, which the program imports."
        report.cannot("ingestion program", f"{told} {remedy}")
    if others := sorted(missing - _present("legacy")):
        told = f"imports {', '.join(others)}: submissions have to bring that. Where it is a package:"
        report.changed("ingestion program", f"{told} {remedy}")


def _wanted(program: Path) -> set[str]:
    return imported(program) - sys.stdlib_module_names - NETWORK - OLD_MODULES


def _only_legacy(wanted: set[str]) -> bool:
    return bool(wanted - _present("runtime")) and not wanted - _present("legacy")


@cache
def _present(image: str) -> frozenset[str]:
    recipe = RECIPES / f"{image}.txt"
    names = PINNED.findall(recipe.read_text("utf-8")) if recipe.is_file() else []
    return frozenset(MODULES.get(name.lower(), name.lower().replace("-", "_")) for name in names)
