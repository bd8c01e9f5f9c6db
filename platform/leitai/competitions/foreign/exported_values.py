"""Values of a bundle as Codabench writes them, and as they are compared after the way there and back."""

import copy
import struct
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from leitai.competitions.bundle.schema import TaskSpec
from leitai.competitions.foreign.moving import RULES
from leitai.competitions.foreign.writing import Document

# Files whose places change on the way; what they hold travels as files.
PLACES = ("statement", "rules", "agreement", "image")
TITLES = {"statement": "Statement", "rules": "Rules", "agreement": "Agreement"}
CHINESE = {"statement": "赛题说明", "rules": "规则", "agreement": "参赛协议"}
SEAL = (178, 52, 43)
SIDE = 64


def comparable(document: Document) -> Document:
    """A task's keys with the places of files as an import gives them."""
    found = {key: copy.deepcopy(value) for key, value in document.items() if key not in PLACES}
    program = _mapping(_mapping(found.get("evaluation")).get("program"))
    if program:
        program["path"] = "scoring_program"
    if ingestion := _mapping(program.get("ingestion")):
        ingestion["path"] = "ingestion_program"
    for phase in found["phases"]:
        phase.pop("input", None)
        phase.pop("reference", None)
    for baseline in found.get("baselines", []):
        baseline.pop("file", None)
    for data in found.get("data", []):
        data["file"] = f"data/{PurePosixPath(data['file']).name}"
    if validation := _mapping(found.get("validation")):
        places = validation.get("files") or validation
        places |= {name: f"data/{PurePosixPath(str(place)).name}" for name, place in places.items()}
    return found


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def pages_of(task: TaskSpec, folder: Path) -> Document:
    """Texts as pages; Chinese ones where they differ, for readers and for the way back."""
    pages = []
    (folder / "pages").mkdir()
    for key in TITLES:
        texts = getattr(task, key)
        for language, titles in (("en", TITLES), ("zh", CHINESE)):
            text = getattr(texts, language)
            name = f"pages/{key}.{language}.md"
            terms = (key, language) == ("agreement", "en")
            if not terms and _comes_back(key, language, texts.en, text):
                continue
            (folder / name).write_text(text.strip() + "\n", encoding="utf-8", newline="\n")
            if not terms:
                pages.append({"title": titles[key], "file": name})
    return {"terms": "pages/agreement.en.md", "pages": pages}


def _comes_back(key: str, language: str, english: str, text: str) -> bool:
    """Whether an import writes this text by itself."""
    if key == "rules" and english.strip() == RULES["en"]:
        return text.strip() == RULES[language]
    return language == "zh" and text.strip() == english.strip()


def png() -> bytes:
    """A plain picture in the colour of the seal, for Codabench asks for one."""
    row = b"\0" + bytes(SEAL) * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * SIDE, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
