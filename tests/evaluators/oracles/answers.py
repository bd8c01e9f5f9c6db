"""Answers to questions by plain loops over the definitions."""

import re
import string
import unicodedata
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evaluators.errors import UndefinedByReference, UndefinedBySubmission
from tests.evaluators.oracle import Oracle
from tests.evaluators.writing import texts, written

NORMALIZE = st.sampled_from(["none", "lower", "plain", "squad"])
TOKENIZE = st.sampled_from(["whitespace", "char", "mixed", "words"])


def normalize(text: str, how: str) -> str:
    if how == "none":
        return text
    text = text.lower()
    if how == "squad":
        kept = [sign for sign in text if sign not in string.punctuation]
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", "".join(kept)).split())
    if how == "plain":
        wide = unicodedata.normalize("NFKC", text)
        text = "".join(sign for sign in wide if not unicodedata.category(sign).startswith("P"))
        return " ".join(text.split())
    return text


def tokenize(text: str, how: str) -> list[str]:
    if how == "char":
        return list("".join(text.split()))
    found: list[str] = []
    open_word = False
    for sign in text.lower() if how == "words" else text:
        alone = how == "mixed" and "\u4e00" <= sign <= "\u9fff"
        part = sign in string.ascii_lowercase + string.digits if how == "words" else not sign.isspace()
        if part and open_word and not alone:
            found[-1] += sign
        elif part:
            found.append(sign)
        open_word = part and not alone
    return found


def overlap(first: list[Any], second: list[Any]) -> int:
    """Tokens on both sides, each as often as on both."""
    left = list(second)
    shared = 0
    for token in first:
        if token in left:
            left.remove(token)
            shared += 1
    return shared


def harmonic(shared: int, first: int, second: int) -> float:
    if not shared:
        return 0.0
    precision, recall = shared / second, shared / first
    return 2 * precision * recall / (precision + recall)


def exact_match(target: Any, prediction: Any, **named: str) -> float:
    how = named["normalize"]
    pairs = zip(target, prediction, strict=True)
    return float(
        np.mean([normalize(said, how) in [normalize(text, how) for text in row] for row, said in pairs])
    )


def token_f1(target: Any, prediction: Any, **named: str) -> float:
    def score(known: str, said: str) -> float:
        sides = [tokenize(normalize(text, named["normalize"]), named["tokenize"]) for text in (known, said)]
        if [] in sides:
            return float(sides[0] == sides[1])
        return harmonic(overlap(*sides), len(sides[0]), len(sides[1]))

    pairs = zip(target, prediction, strict=True)
    return float(np.mean([max(score(text, said) for text in row) for row, said in pairs]))


def distinct_n(_: Any, prediction: Any, **named: Any) -> float:
    order, found = named["order"], []
    for text in prediction:
        words = tokenize(normalize(text, named["normalize"]), named["tokenize"])
        found += [" | ".join(words[n : n + order]) for n in range(len(words)) if n + order <= len(words)]
    return len(set(found)) / len(found)


ORACLES = {
    "exact_match": Oracle(
        exact_match,
        texts(references=3),
        settings={"normalize": NORMALIZE},
        edges=[
            written([], [], gives=UndefinedByReference),
            written(["Paris"], [""], gives=0),
            written(["The"], [""], gives=1),
            written([["Paris", "the city of Paris"]], ["City of PARIS."], gives=1),
            written(["擂台"], ["擂台。"], gives=0),
            written(["擂台"], ["擂台。"], gives=1, normalize="plain"),
        ],
    ),
    "token_f1": Oracle(
        token_f1,
        texts(references=3),
        settings={"normalize": NORMALIZE, "tokenize": TOKENIZE},
        edges=[
            written([], [], gives=UndefinedByReference),
            written(["Paris", "Rome"], ["", "Rome"], gives=0.5),
            written(["The"], ["a"], gives=1),
            written(["cat cat cat"], ["cat cat dog dog"], gives=4 / 7),
            written(["自然语言处理"], ["自然语言"], gives=0),
            written(["自然语言处理"], ["自然语言"], gives=0.8, tokenize="char"),
        ],
    ),
    "distinct_n": Oracle(
        distinct_n,
        texts().filter(lambda pair: any(len(text) > 12 for text in pair[1])),
        settings={"normalize": NORMALIZE, "tokenize": st.just("char"), "order": st.sampled_from([1, 2, 3])},
        edges=[
            written([], [], gives=UndefinedByReference),
            written(["x"] * 2, ["a b", "a b"], gives=0.5),
            written(["x"] * 2, ["a b", ""], gives=1),
            written(["x"] * 2, ["a", "b"], gives=UndefinedBySubmission),
            written(["x"], ["我喜欢我"], gives=0.75, tokenize="char", order=1),
        ],
    ),
}
