"""Programs that came along, looked at without running them: what will not work here, and what to do."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from leitai.competitions.foreign.report import Report

LONGEST = 2_000_000
# Installing while it runs is a matter of the network too.
NETWORK = frozenset(
    {"requests", "urllib", "urllib2", "urllib3", "httplib", "httplib2", "http", "httpx", "aiohttp", "wget",
     "socket", "socketserver", "ftplib", "smtplib", "paramiko", "boto", "boto3", "botocore", "pip", "gdown",
     "kaggle", "wandb", "mlflow", "websocket", "websockets", "huggingface_hub"}
)  # fmt: skip
# Of these packages only some modules reach out.
HARMLESS = ("urllib.parse", "urllib.error", "urllib.response", "http.HTTPStatus")
OLD_MODULES = frozenset(
    {"urllib2", "ConfigParser", "cPickle", "cStringIO", "StringIO", "Queue", "HTMLParser", "httplib",
     "urlparse", "Tkinter", "__builtin__", "UserDict"}
)  # fmt: skip
COMMANDS = re.compile(r"\b(pip3?\s+install|conda\s+install|apt(?:-get)?\s+install|curl\s|wget\s|git\s+clone)")
OLD_COMMAND = re.compile(r"\bpython2(?:\.\d)?\b")
PRINT = re.compile(r"Missing parentheses in call to '(?:print|exec)'")


@dataclass(frozen=True)
class Finding:
    """A line of a program that will not work."""

    file: str
    line: int
    problem: str
    remedy: str


def look(folder: Path, what: str, report: Report) -> None:
    """Report every Python file below a folder that cannot work in a container without network."""
    for finding in findings(folder):
        place = f"{what}/{finding.file}, line {finding.line}" if finding.line else f"{what}/{finding.file}"
        report.cannot(place, f"{finding.problem} {finding.remedy}")


def look_at_command(command: str, what: str, report: Report) -> None:
    """Report what the command of a program asks for in vain."""
    if OLD_COMMAND.search(command):
        report.cannot(what, f"`{command}` asks for Python 2. Port the program to Python 3, which runs here.")
    if COMMANDS.search(command):
        report.cannot(what, f"`{command}` installs or fetches, and there is no network. {_INSTALL}")


def findings(folder: Path) -> Iterator[Finding]:
    """What will not work, by file and line; of each kind the first line of a file."""
    for path in sorted(folder.rglob("*.py")):
        if path.is_file() and "__pycache__" not in path.parts and path.stat().st_size <= LONGEST:
            yield from _in_file(path, str(path.relative_to(folder)))


def _in_file(path: Path, shown: str) -> Iterator[Finding]:
    text = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a foreign program's escapes are its own affair
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield _unreadable(error, shown)
        return
    seen: set[str] = set()
    for line, name in sorted(_imports(_Certain().visit(tree))):
        finding = _import(shown, line, name)
        if finding and finding.problem not in seen:
            seen.add(finding.problem)
            yield finding


def _unreadable(error: Exception, shown: str) -> Finding:
    line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
    told = error.msg if isinstance(error, SyntaxError) else type(error).__name__
    old = isinstance(error, SyntaxError) and (PRINT.search(told) or "multiple exception types" in told)
    kind = "is written in Python 2" if old else "is no program that Python 3.11 can read"
    return Finding(shown, line, f"{kind} ({told}).", "Port it to Python 3, and import again.")


class _Certain(ast.NodeTransformer):
    """Leaves out what a program tries and can do without."""

    def visit_Try(self, node: ast.Try) -> ast.AST | None:
        """A body whose failure is caught."""
        self.generic_visit(node)
        return ast.If(test=ast.Constant(value=True), body=[*node.orelse, *node.finalbody], orelse=[])


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


_INSTALL = "Put what it needs into the program's folder, or into an image."


def _import(file: str, line: int, name: str) -> Finding | None:
    top = name.partition(".")[0]
    if top in OLD_MODULES:
        problem = f"imports {top}, a module of Python 2."
        return Finding(file, line, problem, "Port it to Python 3, and import again.")
    if name.startswith(HARMLESS) or top not in NETWORK:
        return None
    problem = f"imports {top}, which reaches into the network, and there is none while scoring."
    remedy = "Remove what uses it; put what it fetches beside the program."
    return Finding(file, line, problem, _INSTALL if top == "pip" else remedy)


def imported(folder: Path) -> set[str]:
    """The top-level modules that the programs of a folder import and do not bring along."""
    own = {path.stem for path in folder.rglob("*.py")} | {
        path.name for path in folder.rglob("*") if path.is_dir()
    }
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        try:
            found |= {name.partition(".")[0] for _, name in _imports(ast.parse(path.read_bytes()))}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return found - own
