"""Metrics of machine translation, in per cent as sacrebleu gives them: see ``texts`` for both sides."""

import logging
from typing import Any, Literal

import numpy as np
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from evaluators.errors import UndefinedByReference
from evaluators.formulas import shifts
from evaluators.formulas.effort import Effort
from evaluators.formulas.guard import Array
from evaluators.formulas.tallies import Tally, of_counts, of_tally, ratio
from evaluators.formulas.texts import Normalize, Tokenize, normalized, tokens

# Its advice is for people who call it, and would stand in the log of a scoring.
logging.getLogger("sacrebleu").setLevel(logging.ERROR)

Case = Literal["none", "lower"]
Cut = Literal["13a", "intl", "zh", "char", "none", "jieba"]
Smoothing = Literal["exp", "floor", "add-k", "none"]


@of_tally
def bleu(
    target: Array,
    prediction: Array,
    tokenize: Cut = "13a",
    normalize: Case = "none",
    smoothing: Smoothing = "exp",
    order: int = 4,
) -> Tally:
    """Brevity penalty · geometric mean of the precisions of 1- to n-grams, over all rows.

    Papineni et al. 2002, as computed by sacrebleu (Post 2018).
    """
    if tokenize == "jieba":
        target, prediction, tokenize = *_segmented(target, prediction), "none"
    scorer = BLEU(
        lowercase=normalize == "lower",
        force=True,
        tokenize=tokenize,
        smooth_method=smoothing,
        max_ngram_order=order,
    )
    columns = _statistics(scorer, target, prediction)
    if not columns[:, 1].any():
        raise UndefinedByReference("no answer has a token")

    def score(sums: list[int]) -> float:
        return min(float(scorer._compute_score_from_stats(sums).score), 100.0)

    return of_counts(columns, score)


@of_tally
def chrf(
    target: Array,
    prediction: Array,
    normalize: Case = "none",
    order: int = 6,
    word_order: int = 0,
    beta: float = 2,
) -> Tally:
    """F-beta of the mean precision and recall of character n-grams, over all rows; no spaces.

    Popović 2015, chrF++ with a word order of 2 (Popović 2017); as computed by sacrebleu (Post 2018).
    """
    if not any(text.strip() for texts in target for text in texts):
        raise UndefinedByReference("no answer has a character")
    scorer = CHRF(
        char_order=order,
        word_order=word_order,
        beta=beta,  # type: ignore[arg-type]  # squared, so that any number does
        lowercase=normalize == "lower",
    )

    def score(sums: list[int]) -> float:
        return min(float(scorer._compute_f_score(sums)), 100.0)

    return of_counts(_statistics(scorer, target, prediction), score)


@of_tally
def ter(
    target: Array, prediction: Array, tokenize: Tokenize = "whitespace", normalize: Normalize = "lower"
) -> Tally:
    """100 · edits over all rows / mean length of the references; a shift of words is one edit.

    Snover et al. 2006, with the rules and limits of tercom as sacrebleu has them.
    """
    edits, lengths, effort = [], [], Effort()
    for texts, said in zip(target, prediction, strict=True):
        words = tokens(normalized(said, normalize), tokenize)
        references = [tokens(normalized(text, normalize), tokenize) for text in texts]
        edits.append(min(shifts.edits(words, reference, effort) for reference in references))
        lengths.append(sum(map(len, references)) / len(references))
    if not any(lengths):
        raise UndefinedByReference("no answer has a token")
    return ratio(100 * np.array(edits), np.array(lengths))


def _statistics(scorer: BLEU | CHRF, target: Array, prediction: Array) -> Array:
    """Counts of each row, which sacrebleu adds up; no public function of it tells them apart."""
    found = scorer._extract_corpus_statistics(list(prediction), _streams(target))
    return np.array(found, dtype=np.int64)


def _segmented(target: Array, prediction: Array) -> tuple[Array, Array]:
    """Both sides with a space between words."""
    texts, said = target.copy(), prediction.copy()
    for row in range(len(said)):
        texts[row] = tuple(_spaced(text) for text in target[row])
        said[row] = _spaced(prediction[row])
    return texts, said


def _spaced(text: str) -> str:
    return " ".join(tokens(text, "jieba"))


def _streams(target: Array) -> Any:
    """The first reference of each row, the second one, and so on; None where a row has fewer.

    sacrebleu takes None so, though its types do not say it.
    """
    most = max(map(len, target))
    return [[texts[n] if n < len(texts) else None for texts in target] for n in range(most)]
