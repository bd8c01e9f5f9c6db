"""Every template: Jinja can compile it, and nothing in it would be stopped by the content security policy.

python -m leitai.launch.templates
"""

import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

TO_STATIC = "move it into static/ and find elements by data attributes"
FORBIDDEN = {
    r"\sstyle\s*=": "an inline style; move it into a style sheet",
    r"<style\b": "a style element; move it into a style sheet",
    r"<script\b(?![^>]*\bsrc=)": f"an inline script; {TO_STATIC}",
    r"<[a-z][^>]*\son[a-z]+\s*=": f"an inline handler; {TO_STATIC}",
    r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:": "a javascript: address",
    r"\shx-on[:-]": f"an htmx handler, which htmx evaluates; {TO_STATIC}",
}
# A block of data is no script: the browser does not run it, and the policy lets it be.
DATA_BLOCK = re.compile(r"<script\b[^>]*type=[\"']application/(?:ld\+)?json[\"'][^>]*>")
# What people and programs write about a page is not in the page.
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def templates() -> list[Path]:
    """All pages and parts of pages."""
    return sorted(Path(str(files("leitai") / "templates")).rglob("*.html"))


def environment() -> Environment:
    """Jinja as the portal has it, as far as syntax goes."""
    return Environment(
        autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
    )


def faults(text: str) -> Iterator[str]:
    """What is wrong with one template's text, each with its line."""
    try:
        environment().parse(text)
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"
    text = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    for pattern, what in FORBIDDEN.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            if not DATA_BLOCK.match(text, found.start()):
                yield f"line {text.count(chr(10), 0, found.start() + 1) + 1}: {what}"


def main() -> int:
    """Print each fault with its file. Returns 1 when there is one."""
    found = [f"{path}: {fault}" for path in templates() for fault in faults(path.read_text())]
    sys.stdout.writelines(f"{row}\n" for row in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
