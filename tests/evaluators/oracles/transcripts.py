"""Error rates by jiwer, edit distances by the table of Wagner and Fischer."""

from typing import Any

import jiwer
import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Oracle
from tests.evaluators.oracles.answers import normalize, tokenize
from tests.evaluators.writing import texts, written

SHARED = {"normalize": st.sampled_from(["none", "lower"])}
OF_WORDS = SHARED | {"tokenize": st.sampled_from(["whitespace", "char", "mixed"])}
NO_ROWS = written([], [], gives=UndefinedByReference)
NO_TOKEN = written(["!", "?"], ["a", "b"], gives=UndefinedByReference, normalize="plain")


def sides(target: Any, prediction: Any, how: str, cut: str | None = None) -> tuple[list[str], list[str]]:
    columns = [row[0] for row in target], list(prediction)
    plain = [[normalize(text, how) for text in column] for column in columns]
    if cut:
        plain = [[" ".join(tokenize(text, cut)) for text in column] for column in plain]
    return plain[0], plain[1]


def wer(target: Any, prediction: Any, **named: str) -> Any:
    return jiwer.wer(*sides(target, prediction, named["normalize"], named["tokenize"]))


def mer(target: Any, prediction: Any, **named: str) -> Any:
    return jiwer.mer(*sides(target, prediction, named["normalize"], named["tokenize"]))


def cer(target: Any, prediction: Any, **named: str) -> Any:
    columns = sides(target, prediction, named["normalize"])
    if named["spaces"] == "drop":
        columns = (
            [text.replace(" ", "") for text in columns[0]],
            [text.replace(" ", "") for text in columns[1]],
        )
    return jiwer.cer(*columns)


def distance(first: str, second: str) -> int:
    table = np.zeros((len(first) + 1, len(second) + 1), dtype=int)
    table[:, 0], table[0] = np.arange(len(first) + 1), np.arange(len(second) + 1)
    for row, one in enumerate(first, 1):
        for column, two in enumerate(second, 1):
            replaced = table[row - 1, column - 1] + (one != two)
            table[row, column] = min(replaced, table[row - 1, column] + 1, table[row, column - 1] + 1)
    return int(table[-1, -1])


def edit_distance(target: Any, prediction: Any, **named: str) -> float:
    pairs = zip(*sides(target, prediction, named["normalize"]), strict=True)
    return float(np.mean([distance(*pair) for pair in pairs]))


def normalized_edit_distance(target: Any, prediction: Any, **named: str) -> float:
    pairs = zip(*sides(target, prediction, named["normalize"]), strict=True)
    return float(np.mean([distance(*pair) / max(map(len, pair)) for pair in pairs]))


ORACLES = {
    "wer": Oracle(
        wer,
        texts(),
        settings=OF_WORDS,
        edges=[
            NO_ROWS,
            NO_TOKEN,
            written(["a b"], [""], gives=1),
            written(["a"], ["a b c"], gives=2),
            written(["a b c d", "e f"], ["a x c", "e f"], gives=2 / 6),
            written(["打开 WiFi 设置"], ["打开 wifi"], gives=3 / 5, tokenize="mixed"),
            written(["打开 WiFi 设置"], ["打开 wifi"], gives=2 / 5, tokenize="mixed", normalize="lower"),
        ],
    ),
    "cer": Oracle(
        cer,
        texts(),
        settings=SHARED | {"spaces": st.sampled_from(["keep", "drop"])},
        edges=[
            NO_ROWS,
            NO_TOKEN,
            written(["ab"], [""], gives=1),
            written(["你好世界"], ["你好 世界"], gives=0.25),
            written(["你好世界"], ["你好 世界"], gives=0, spaces="drop"),
        ],
    ),
    "mer": Oracle(
        mer,
        texts(),
        settings=OF_WORDS,
        edges=[
            NO_ROWS,
            NO_TOKEN,
            written(["a b"], [""], gives=1),
            written(["a"], ["a b c"], gives=2 / 3),
            written(["a b c d"], ["a x c"], gives=0.5),
        ],
    ),
    "edit_distance": Oracle(
        edit_distance,
        texts(),
        settings=SHARED,
        edges=[
            NO_ROWS,
            written(["kitten"], ["sitting"], gives=3),
            written(["kitten", "x"], ["", "x"], gives=3),
            written(["擂台赛"], ["擂台"], gives=1),
        ],
    ),
    "normalized_edit_distance": Oracle(
        normalized_edit_distance,
        texts(),
        settings=SHARED,
        edges=[
            NO_ROWS,
            written(["kitten"], ["sitting"], gives=3 / 7),
            written(["kitten", "x"], ["", "x"], gives=0.5),
            written(["!"], [""], gives=0, normalize="plain"),
            written(["擂台赛"], ["擂台"], gives=1 / 3),
        ],
    ),
}
