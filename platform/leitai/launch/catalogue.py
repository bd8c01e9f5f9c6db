"""The message catalogues: collected from code and templates, held complete, compiled at set-up.

    python -m leitai.launch.catalogue check | update | compile

No line numbers and no dates in the files, so that they change only when a text does.
"""

import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from leitai.settings import HOME

MAPPING = HOME / "config" / "babel.cfg"
PLACES = ("platform", "evaluators")
# As gettext's own keywords, also for texts that are translated when they are shown.
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "_l": None}


def catalogue_files() -> list[Path]:
    """Every language's file."""
    return sorted(Path(str(files("leitai") / "translations")).glob("*/LC_MESSAGES/messages.po"))


def collected() -> Catalog:
    """The strings that code and templates ask for now."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for place in PLACES:
        rows = extract_from_dir(
            HOME / place, methods, options, KEYWORDS, ["TRANSLATORS:"], strip_comment_tags=True
        )
        for _, _, message, comments, context in rows:
            found.add(message, None, auto_comments=comments, context=context)
    return found


def faults(path: Path, wanted: Catalog) -> Iterator[str]:
    """What is wrong with one language's file, a sentence each."""
    catalogue = _read(path)
    for message in wanted:
        if message.id and _missing(catalogue.get(message.id, message.context)):
            yield f"{path.parent.parent.name}: not translated: {_shown(message)}"
    for message in catalogue:
        if not message.id:
            continue
        if wanted.get(message.id, message.context) is None:
            yield f"{path.parent.parent.name}: no longer asked for: {_shown(message)}"
        if message.fuzzy:
            yield f"{path.parent.parent.name}: fuzzy: {_shown(message)}"
        yield from (
            f"{path.parent.parent.name}: {error}: {_shown(message)}" for error in message.check(catalogue)
        )


def update(path: Path, wanted: Catalog) -> None:
    """Add new strings, drop those that are gone; nothing is guessed."""
    catalogue = _read(path)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(
            file,
            catalogue,
            width=110,
            no_location=True,
            omit_header=False,
            sort_output=True,
            ignore_obsolete=True,
        )


def compile_all() -> int:
    """Write the binary files that the portal reads, where they are older. Returns how many were written."""
    written = 0
    for path in catalogue_files():
        target = _compiled(path)
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, _read(path))
        written += 1
    return written


def _compiled(path: Path) -> Path:
    # Babel knows zh_CN as zh_Hans_CN, and Flask-Babel looks for the folder of that name.
    name = str(Locale.parse(path.parent.parent.name))
    return path.parents[2] / name / path.parent.name / path.with_suffix(".mo").name


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def _missing(message: Message | None) -> bool:
    if message is None:
        return True
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return not texts or not all(texts)


def _shown(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def main(verb: str) -> int:
    """One of the verbs above. Returns 1 when the check finds faults."""
    if verb == "compile":
        compile_all()
        return 0
    wanted = collected()
    if verb == "update":
        for path in catalogue_files():
            update(path, wanted)
        return 0
    found = [fault for path in catalogue_files() for fault in faults(path, wanted)]
    if not catalogue_files():
        found = ["no catalogue under translations/"]
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
