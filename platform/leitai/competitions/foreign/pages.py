"""Texts of other platforms as Markdown: HTML keeps its structure and its words, and nothing that acts."""

import re
from html.parser import HTMLParser

HEADINGS = {f"h{number}": "#" * number for number in range(1, 7)}
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "figure",
    "center",
    "form",
    "dl",
    "dd",
    "dt",
}
LISTS = {"ul", "ol"}
# What stands between these is for machines, or cannot be shown.
SILENT = {"script", "style", "template", "iframe", "object", "svg", "head", "noscript", "video", "audio"}
VOID_OF_SILENT = {"embed", "link", "meta"}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "kbd": "`"}
SAFE = re.compile(r"^(?:https?://|mailto:)[^\s<>\"]+$", re.IGNORECASE)
SPECIAL = re.compile(r"([\\`*_\[\]<>|~]|&(?=#?\w+;))")
STARTS = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|\d+(?=[.)](?:\s|$))|=+$|-+$|~{3})")
DEEPEST = 8
TAGS = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*~*\s*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def to_markdown(html: str) -> str:
    """The Markdown of an HTML page."""
    reader = _Reader()
    reader.feed(html.replace("\0", ""))
    reader.close()
    return reader.markdown()


def has_tags(markdown: str) -> bool:
    """Whether Markdown holds HTML outside code, which pages here show as text."""
    return bool(TAGS.search(CODE.sub("", markdown)))


def below(markdown: str, levels: int = 1) -> str:
    """The text with headings so many levels deeper, for a page that becomes a part of another."""
    parts = re.split(r"(^(?:`{3,}|~{3,}).*?^(?:`{3,}|~{3,})\s*$)", markdown, flags=re.MULTILINE | re.DOTALL)
    deeper = [
        re.sub(
            r"^(#{1,5})(?=\s)", lambda found: min(6, len(found[1]) + levels) * "#", part, flags=re.MULTILINE
        )
        if number % 2 == 0
        else part
        for number, part in enumerate(parts)
    ]
    return "".join(deeper).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.line: list[str] = []
        self.prefix = ""
        self.lists: list[int] = []  # of each list its number, or 0 where it has bullets
        self.silent = 0
        self.pre = False
        self.link = ""
        self.rows: list[list[str]] | None = None
        self.marks: list[str] = []

    def markdown(self) -> str:
        self._end()
        return "\n\n".join(self.blocks).strip() + "\n" if self.blocks else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        if self.silent or tag in VOID_OF_SILENT:
            return
        given = {name: value or "" for name, value in attrs}
        if tag in HEADINGS or tag in BLOCKS or tag in LISTS | {"li", "pre", "blockquote", "table", "hr"}:
            self._begin(tag)
        elif tag == "br":
            self.line.append("\n")
        elif tag == "img" and given.get("alt"):
            self.line.append(SPECIAL.sub(r"\\\1", given["alt"]))
        elif tag == "a":
            self.link = given.get("href", "").strip()
            self.line.append("[" if SAFE.match(self.link) else "")
        elif tag in MARKS and not self.pre:
            self._mark(MARKS[tag])
        elif tag in {"tr", "td", "th"} and self.rows is not None:
            self._cell(tag)

    def _begin(self, tag: str) -> None:
        if self.rows is not None and tag != "table":
            return
        self._end()
        if tag in HEADINGS:
            self.prefix = HEADINGS[tag] + " "
        elif tag in LISTS and len(self.lists) < DEEPEST:
            self.lists.append(1 if tag == "ol" else 0)
        elif tag == "li":
            self._item()
        elif tag == "blockquote":
            self.prefix = "> "
        elif tag == "pre":
            self.pre = True
        elif tag == "table":
            self.rows = []
        elif tag == "hr":
            self.blocks.append("---")

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else 0
        self.prefix = "   " * (max(1, len(self.lists)) - 1) + (f"{number}. " if number else "- ")
        if number:
            self.lists[-1] += 1

    def _mark(self, mark: str) -> None:
        if mark in self.marks:
            self.marks.remove(mark)
        else:
            self.marks.append(mark)
        self.line.append(f"\x01{mark}")

    def _cell(self, tag: str) -> None:
        assert self.rows is not None
        if tag == "tr":
            self._cell_end()
            self.rows.append([])
        else:
            self._cell_end()
            if not self.rows:
                self.rows.append([])

    def _cell_end(self) -> None:
        if self.rows and (text := self._taken()):
            self.rows[-1].append(text.replace("\n", " "))
        self.line = []

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.silent:
            return
        elif tag == "a":
            self.line.append(f"]({self.link})" if SAFE.match(self.link) else "")
            self.link = ""
        elif tag in MARKS and not self.pre and MARKS[tag] in self.marks:
            self._mark(MARKS[tag])
        elif tag in {"td", "th", "tr"} and self.rows is not None:
            self._cell_end()
        elif tag == "table" and self.rows is not None:
            self._table()
        elif tag in LISTS:
            self._end()
            del self.lists[-1:]
        elif tag in HEADINGS or tag in BLOCKS or tag in {"li", "pre", "blockquote"}:
            self._end()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.line.append(data if self.pre or "`" in self.marks else SPECIAL.sub(r"\\\1", data))

    def _taken(self) -> str:
        text = "".join(self.line)
        self.line = []
        for mark in reversed(self.marks):
            text += f"\x01{mark}"
        self.marks = []
        return _marked(text)

    def _end(self) -> None:
        if self.rows is not None:
            return
        if self.pre:
            self._code()
            return
        prefix, self.prefix = self.prefix, ""
        text = self._taken()
        if not text:
            if prefix.strip(" #>"):
                self.prefix = prefix  # an item whose paragraph is yet to come
            return
        text = STARTS.sub(
            lambda found: f"\\{found[0]}" if not found[0][0].isdigit() else f"{found[0]}\\", text
        )
        if prefix.strip() and not prefix.strip(" -.0123456789") and self.blocks and _is_item(self.blocks[-1]):
            self.blocks[-1] += f"\n{prefix}{text}"
        else:
            self.blocks.append(prefix + text)

    def _code(self) -> None:
        text = "".join(self.line).strip("\n")
        self.line, self.pre = [], False
        if text.strip():
            longest = max((len(found) for found in re.findall("`+", text)), default=0)
            fence = "`" * max(3, longest + 1)
            self.blocks.append(f"{fence}\n{text}\n{fence}")

    def _table(self) -> None:
        self._cell_end()
        rows, self.rows = [row for row in self.rows or [] if row], None
        if not rows:
            return
        width = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        self.blocks.append("\n".join([lines[0], "|" + "---|" * width, *lines[1:]]))


def _is_item(block: str) -> bool:
    return bool(re.match(r"\s*(?:-|\d+\.) ", block))


def _marked(text: str) -> str:
    """One line, with marks that touch the words which they mark."""
    text = " ".join(text.split())
    opened: list[str] = []
    out = ""
    parts = re.split("\x01(\\*\\*|\\*|`)", text)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            out += part.lstrip() if opened and out.endswith(opened[-1]) else part
        elif part in opened:
            trimmed = out.rstrip()
            gap = out[len(trimmed) :]
            opened.remove(part)
            out = trimmed[: -len(part)] + gap if trimmed.endswith(part) else trimmed + part + gap
        else:
            opened.append(part)
            out += part
    return out.strip()
