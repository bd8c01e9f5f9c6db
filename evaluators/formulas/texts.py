"""Texts as metrics see them: normalized, cut into tokens, counted; and what every metric says of no rows.

A target is a tuple of references, one or more for each row; a prediction is one text, empty where a team
wrote nothing.
"""

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeAlias

import numpy as np

from evaluators.errors import UndefinedByReference
from evaluators.formulas.guard import Array, Floats

if TYPE_CHECKING:  # its dictionary is large
    from jieba import Tokenizer

Normalize = Literal["none", "lower", "plain", "squad"]
Tokenize = Literal["whitespace", "char", "mixed", "words", "jieba"]
P = ParamSpec("P")
OfTexts: TypeAlias = Callable[Concatenate[Array, Array, P], float]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WORD = re.compile(r"[a-z0-9]+")
# The blocks of Chinese characters, also as Japanese and Korean use them.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MIXED = re.compile(f"[{_HAN}]|[^\\s{_HAN}]+")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def of_texts(formula: OfTexts[P]) -> OfTexts[P]:
    """Let a formula see a row or more, as many on both sides.

    Raises:
        UndefinedByReference: no rows.
    """

    @wraps(formula)
    def guarded(target: Array, prediction: Array, /, *rest: P.args, **named: P.kwargs) -> float:
        if len(target) != len(prediction):
            raise ValueError(f"{len(target)} targets for {len(prediction)} predictions")
        if len(target) == 0:
            raise UndefinedByReference("there are no rows")
        score = float(formula(target, prediction, *rest, **named))
        assert math.isfinite(score)
        return score + 0.0

    return guarded


def normalized(text: str, how: Normalize) -> str:
    """The text in small letters; ``plain`` without width, punctuation and doubled space, ``squad`` as SQuAD.

    Rajpurkar et al. 2016: without ASCII punctuation, then without English articles, then single spaces.
    """
    if how == "none":
        return text
    if how == "lower":
        return text.lower()
    if how == "squad":
        bare = text.lower().translate(_NO_PUNCTUATION)
        return " ".join(_ARTICLES.sub(" ", bare).split())
    wide = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(sign for sign in wide if unicodedata.category(sign)[0] != "P").split())


def tokens(text: str, how: Tokenize) -> list[str]:
    """What counts as one: words between spaces, characters, Chinese characters beside words of others,
    runs of ASCII letters and digits in small letters, or Chinese words."""
    match how:
        case "whitespace":
            return text.split()
        case "char":
            return [sign for sign in text if not sign.isspace()]
        case "mixed":
            return _MIXED.findall(text)
        case "words":
            return _WORD.findall(text.lower())
        case "jieba":
            return [word for word in segmenter().cut(text) if not word.isspace()]


@cache
def segmenter() -> "Tokenizer":
    """The segmentation of Chinese with its dictionary, read without the cache that it would leave in /tmp."""
    from jieba import Tokenizer

    found = Tokenizer()
    found.FREQ, found.total = found.gen_pfdict(found.get_dict_file())
    found.initialized = True
    return found


def ngrams(sequence: Sequence[Hashable], n: int) -> "Counter[tuple[Hashable, ...]]":
    """How often each run of n tokens occurs."""
    return Counter(runs(sequence, n))


def runs(sequence: Sequence[Hashable], n: int) -> Iterator[tuple[Hashable, ...]]:
    """Every run of n tokens."""
    return zip(*(sequence[start:] for start in range(n)), strict=False)


def f1(both: int, first: int, second: int) -> float:
    """The harmonic mean of both / first and both / second."""
    return 2 * both / (first + second) if both else 0.0


def best_of_each(
    target: Array, prediction: Array, prepare: Callable[[str], Any], compare: Callable[[Any, Any], float]
) -> Floats:
    """Of each row the best comparison of the prediction with one of its references."""
    prepared = cache(prepare)
    rows = zip(target, map(prepare, prediction), strict=True)
    best = [max(compare(prepared(text), said) for text in texts) for texts, said in rows]
    return np.array(best, dtype=np.float64)
