"""BLEU and chrF by plain loops over the papers' formulas, TER by sacrebleu."""

import math
from collections import Counter
from typing import Any

from hypothesis import strategies as st
from sacrebleu.metrics.ter import TER

from evaluators.errors import UndefinedByReference
from tests.evaluators.oracle import Oracle
from tests.evaluators.oracles.answers import normalize
from tests.evaluators.writing import cells, text, texts, written

CASE = st.sampled_from(["none", "lower"])
NO_ROWS = written([], [], gives=UndefinedByReference)


def grams(sequence: Any, n: int) -> "Counter[Any]":
    return Counter(tuple(sequence[at : at + n]) for at in range(len(sequence) - n + 1))


def bleu(target: Any, prediction: Any, **named: Any) -> float:
    order = named["order"]
    matched, total, said_length, known_length = [0] * order, [0] * order, 0, 0
    for row, line in zip(target, prediction, strict=True):
        said = cut(line, **named)
        known = [cut(text, **named) for text in row]
        said_length += len(said)
        known_length += min((abs(len(words) - len(said)), len(words)) for words in known)[1]
        for n in range(order):
            most = grams(known[0], n + 1)
            for words in known[1:]:
                most |= grams(words, n + 1)
            found = grams(said, n + 1)
            matched[n] += (found & most).total()
            total[n] += found.total()
    if not any(matched):
        return 0.0
    shares = smoothed(matched, total, named["smoothing"])
    if not all(shares):
        return 0.0
    brevity = min(1.0, math.exp(1 - known_length / said_length))
    return 100 * brevity * math.exp(sum(map(math.log, shares)) / order)


def cut(text: str, **named: Any) -> list[str]:
    text = normalize(text, named["normalize"])
    # sacrebleu cuts characters apart and then joins what spaces part.
    return text.split() if named["tokenize"] == "none" else list(text.replace(" ", ""))


def smoothed(matched: list[int], total: list[int], how: str) -> list[float]:
    """Chen and Cherry 2014, methods 1 to 3; what has no n-gram at all stays without a share."""
    shares, halving = [], 1
    for n in range(len(total)):
        more = how == "add-k" and n > 0
        hits, all_ = matched[n] + more, total[n] + more
        if not all_:
            return [*shares, 0.0]
        if not hits and how == "exp":
            halving *= 2
            shares.append(1 / (halving * all_))
        else:
            shares.append((hits or {"floor": 0.1}.get(how, 0)) / all_)
    return shares


def chrf(target: Any, prediction: Any, **named: Any) -> float:
    """The reference with the best F of a row counts; orders that one side lacks do not."""
    sums = [[0, 0, 0] for _ in range(named["order"] + named["word_order"])]
    for row, line in zip(target, prediction, strict=True):
        each = [counts(text, line, **named) for text in row]
        best = max(each, key=lambda found: f_beta(found, named["beta"]))
        sums = [[a + b for a, b in zip(*both, strict=True)] for both in zip(sums, best, strict=True)]
    return 100 * f_beta(sums, named["beta"])


def counts(known: str, said: str, **named: Any) -> list[list[int]]:
    found = []
    known, said = (normalize(text, named["normalize"]) for text in (known, said))
    plain = [text.replace(" ", "") for text in (known, said)]
    sides = [[grams(text, n + 1) for text in plain] for n in range(named["order"])]
    words = [parted(text) for text in (known, said)]
    sides += [[grams(text, n + 1) for text in words] for n in range(named["word_order"])]
    for first, second in sides:
        # An order that the reference is too short for counts on neither side.
        found.append([second.total() if first else 0, first.total(), (first & second).total()])
    return found


def parted(text: str) -> list[str]:
    """Words, with one sign of punctuation at an end as a word of its own."""
    found: list[str] = []
    for word in text.split():
        if len(word) > 1 and word[-1] in "!":
            found += [word[:-1], word[-1]]
        else:
            found.append(word)
    return found


def f_beta(sums: list[list[int]], beta: float) -> float:
    held = [(hits / said, hits / known) for said, known, hits in sums if said and known]
    if not held:
        return 0.0
    precision, recall = (sum(side) / len(held) for side in zip(*held, strict=True))
    if not precision + recall:
        return 0.0
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def ter(target: Any, prediction: Any, **named: Any) -> float:
    scorer = TER(case_sensitive=named["normalize"] == "none")
    return scorer.corpus_score(list(prediction), list(zip(*target, strict=True))).score


LETTERS = tuple("abcdefgh")
WIDE = tuple(f"w{number}" for number in range(80))
MOVED = st.permutations(LETTERS[:6]).map(" ".join)
# sacrebleu is slow, so that texts are few; the long ones leave its beam.
SHIFTED = st.one_of(
    st.tuples(text(0, 5, "abc"), text(0, 5, "abc")),
    st.tuples(text(1, 5, LETTERS), text(0, 5, LETTERS)),
    st.tuples(MOVED, MOVED),
    st.tuples(text(26, 30, WIDE), text(26, 30, WIDE)),
).map(lambda pair: (cells([(pair[0], "a b")]), cells([pair[1]])))

ORACLES = {
    "bleu": Oracle(
        bleu,
        texts(references=3),
        settings={
            "tokenize": st.sampled_from(["none", "char"]),
            "normalize": CASE,
            "smoothing": st.sampled_from(["exp", "floor", "add-k", "none"]),
            "order": st.sampled_from([1, 2, 4]),
        },
        edges=[
            NO_ROWS,
            written(["the cat"], [""], gives=0),
            written([" "], ["the cat"], gives=UndefinedByReference),
            # Papineni et al. 2002: "the" counts as often as a reference has it, 2 of 7
            written(
                [["the cat is on the mat", "there is a cat on the mat"]],
                ["the the the the the the the"],
                gives=100 * 2 / 7,
                order=1,
            ),
            written(["今天天气很好"], ["今天天气好"], gives=0, smoothing="none"),
            written(["今天天气很好"], ["今天天气很好"], gives=100, tokenize="zh"),
            written(
                ["我来到北京清华大学"],
                ["我来到北京"],
                gives=100 * math.exp(1 - 4 / 3),
                tokenize="jieba",
                order=2,
            ),
        ],
    ),
    "chrf": Oracle(
        chrf,
        texts(references=3),
        settings={
            "normalize": CASE,
            "order": st.sampled_from([1, 3, 6]),
            "word_order": st.sampled_from([0, 2]),
            "beta": st.sampled_from([0.5, 1, 2]),
        },
        edges=[
            NO_ROWS,
            written(["cat"], [""], gives=0),
            written([" "], ["cat"], gives=UndefinedByReference),
            written(["擂台赛"], ["擂台"], gives=100 * 5 * (2 / 3 + 1 / 2) / 2 / (4 + (2 / 3 + 1 / 2) / 2)),
        ],
    ),
    "ter": Oracle(
        ter,
        SHIFTED,
        settings={"normalize": CASE, "tokenize": st.just("whitespace")},
        edges=[
            NO_ROWS,
            written(["a b c"], [""], gives=100),
            written([" "], ["a"], gives=UndefinedByReference),
            written(["a"], ["a b c"], gives=200),
            # Snover et al. 2006: a shift, two words replaced and one left out, of 13 words
            written(
                ["SAUDI ARABIA denied THIS WEEK information published in the AMERICAN new york times"],
                ["THIS WEEK THE SAUDIS denied information published in the new york times"],
                gives=100 * 4 / 13,
            ),
            written(["他 昨天 去 了 北京"], ["昨天 他 去 了 北京"], gives=20),
            written(["去年我"], ["我去年"], gives=100 / 3, tokenize="char"),
        ],
    ),
}
