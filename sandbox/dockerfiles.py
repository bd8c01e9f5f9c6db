"""A sponsor's Dockerfile, held to what can be built without a network and from bases that are allowed.

What passes is written anew, one instruction a line: whichever engine reads it, it finds what was checked.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandbox.errors import ImageError

NAME = "Dockerfile"
# Whoever writes these gets the images of this version, whatever their tags are now.
OURS = ("leitai-runtime", "leitai-base")
MOST_BYTES = 1_000_000
# The engine's reader takes no longer line.
MOST_LINE = 60_000
PLAIN = {
    "ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "RUN", "SHELL",
    "STOPSIGNAL", "USER", "WORKDIR",
}  # fmt: skip
DIRECTIVE = re.compile(r"#\s*(syntax|escape|check)\s*=", re.IGNORECASE)
INSTRUCTION = re.compile(r"([A-Za-z]+)(?:[ \t]+(.*))?")
FROM = re.compile(r"([\w./:@-]+)(?:\s+as\s+([a-z][a-z0-9_.-]*))?", re.IGNORECASE | re.ASCII)
COPY_FLAG = re.compile(r"--(?:from=([\w./:@-]+)|chown=[\w.:-]+)", re.ASCII)
HEREDOC = re.compile(r"(?<!<)<<-?[\"']?\w")
ODD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one line, and what to do; a line is counted from 1."""

    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{NAME}, line {self.line}: {self.problem} {self.remedy}"


@dataclass(frozen=True)
class Instruction:
    """One instruction: continued lines are joined, comments are gone."""

    line: int
    name: str
    rest: str


def faults(content: bytes, allowed: Collection[str]) -> list[Fault]:
    """Why this Dockerfile cannot be built here; ``allowed`` are bases beside our own."""
    reading = _Reading({*OURS, *allowed})
    reading.read(content)
    return reading.faults


def bases(content: bytes) -> set[str]:
    """The images that a Dockerfile without a fault starts from or copies from."""
    reading = _Reading(None)
    reading.read(content)
    return reading.bases


def rewritten(content: bytes, tag: Callable[[str], str], labels: Mapping[str, str] | None = None) -> bytes:
    """The same for the engine: every base under its tag, every stage labelled.

    Raises:
        ImageError: it has a fault that its bases are not to blame for.
    """
    reading = _Reading(None, tag)
    reading.read(content)
    if reading.faults:
        raise ImageError("\n".join(map(str, reading.faults)))
    marks = [f"LABEL {name}={value}" for name, value in (labels or {}).items()]
    lines = (line for made in reading.made for line in (made, *(marks if made.startswith("FROM ") else ())))
    return ("\n".join(lines) + "\n").encode()


class _Reading:
    """Reads instruction by instruction; without ``allowed`` any base will do."""

    def __init__(self, allowed: Collection[str] | None, tag: Callable[[str], str] = str) -> None:
        self.allowed, self.tag = allowed, tag
        self.stages: list[str] = []
        self.bases: set[str] = set()
        self.faults: list[Fault] = []
        self.made: list[str] = []

    def read(self, content: bytes) -> None:
        if len(content) > MOST_BYTES:
            return self._fault(1, "is larger than 1 MB.", "Move what it writes into files beside it.")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self._fault(1, "is not UTF-8.", "Save it as UTF-8.")
        for item in self._instructions(text):
            rest = self._checked(item)
            self.made.append(f"{item.name} {rest}")
        if not self.stages and not self.faults:
            self._fault(1, "has no FROM.", f"Begin with FROM {OURS[0]}.")
        return None

    def _fault(self, line: int, problem: str, remedy: str) -> None:
        self.faults.append(Fault(line, problem, remedy))

    def _instructions(self, text: str) -> Iterator[Instruction]:
        for line, whole in self._lines(text):
            found = INSTRUCTION.fullmatch(whole)
            if found is None or ODD.search(whole) or len(whole.encode()) > MOST_LINE:
                self._fault(line, "cannot be read as an instruction.", "Write plain words, in shorter lines.")
                continue
            yield Instruction(line, found[1].upper(), (found[2] or "").strip())

    def _lines(self, text: str) -> Iterator[tuple[int, str]]:
        whole, begin = "", 0
        for number, raw in enumerate(text.split("\n"), start=1):
            line = raw.removesuffix("\r").strip(" \t") if not whole else raw.removesuffix("\r").rstrip(" \t")
            if line.lstrip(" \t").startswith("#") or not line.strip(" \t"):
                if DIRECTIVE.match(line.lstrip(" \t")):
                    self._fault(number, f"{line.strip()!r} is for another builder.", "Remove the line.")
                continue
            begin = begin if whole else number
            if line.endswith("\\\\"):
                self._fault(number, "ends with two backslashes.", "Leave one, or write the line otherwise.")
            if line.endswith("\\"):
                whole += line[:-1]
                continue
            yield begin, (whole + line).strip(" \t")
            whole = ""
        if whole:
            self._fault(begin, "goes on where the file ends.", "Remove the last backslash.")

    def _checked(self, item: Instruction) -> str:
        """What stands behind the instruction's name, as the engine is to read it."""
        if item.name not in {"FROM", "ARG"} and not self.stages:
            self._fault(item.line, f"{item.name} stands before FROM.", "Begin with FROM.")
        if item.name in {"RUN", "COPY", "ADD"} and HEREDOC.search(item.rest):
            remedy = "Put the text into a file beside the Dockerfile and COPY it."
            self._fault(item.line, "holds a here-document, which needs BuildKit.", remedy)
        match item.name:
            case "FROM":
                return self._from(item)
            case "COPY":
                return self._copy(item)
            case _:
                self._other(item)
                return item.rest

    def _from(self, item: Instruction) -> str:
        found = FROM.fullmatch(item.rest)
        if found is None:
            remedy = "Write FROM NAME or FROM NAME AS STAGE, without variables and options."
            self._fault(item.line, f"FROM {item.rest} is not understood.", remedy)
            self.stages.append("")
            return item.rest
        name = self._source(item.line, found[1], self.stages)
        stage = (found[2] or "").lower()
        self.stages.append(stage)
        return f"{name} AS {stage}" if stage else name

    def _source(self, line: int, name: str, stages: Sequence[str]) -> str:
        if name.lower() in stages:
            return name.lower()
        if self.allowed is not None and name not in self.allowed:
            remedy = f"Allowed are {', '.join(sorted(self.allowed))}; operators add others to the settings."
            self._fault(line, f"{name} is not allowed as a base.", remedy)
        self.bases.add(name)
        return self.tag(name)

    def _copy(self, item: Instruction) -> str:
        words = []
        for word in item.rest.split():
            if not word.startswith("--"):
                break
            found = COPY_FLAG.fullmatch(word)
            if found is None:
                self._fault(item.line, f"COPY {word} is not understood here.", "Use --from and --chown only.")
                return item.rest
            words.append(f"--from={self._stage(item.line, found[1])}" if found[1] else word)
        return " ".join([*words, *item.rest.split(maxsplit=len(words))[len(words) :]])

    def _stage(self, line: int, name: str) -> str:
        earlier = self.stages[:-1]
        if name.isdigit() and int(name) < len(earlier):
            return name
        return self._source(line, name, earlier)

    def _other(self, item: Instruction) -> None:
        if item.name == "RUN":
            if item.rest.startswith("--"):
                self._fault(item.line, f"RUN {item.rest.split()[0]} needs BuildKit.", "Use a plain RUN.")
        elif item.name == "ADD":
            if item.rest.startswith("--") or any(sign in item.rest for sign in "$:\\"):
                remedy = "Put the file beside the Dockerfile: images are built without a network."
                self._fault(item.line, "ADD could fetch from elsewhere.", remedy)
        elif item.name == "VOLUME":
            self._fault(item.line, "VOLUME is not allowed.", "Remove it: programs write to /job and /tmp.")
        elif item.name == "ONBUILD":
            self._fault(item.line, "ONBUILD is not allowed.", "Write the instruction itself.")
        elif item.name not in PLAIN:
            self._fault(item.line, f"{item.name} is no instruction that is known here.", "Correct it.")
        elif item.name == "LABEL" and "leitai." in item.rest:
            self._fault(item.line, "labels beginning with leitai. are ours.", "Choose another name.")
