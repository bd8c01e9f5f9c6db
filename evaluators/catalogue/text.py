"""Texts: answers, summaries, translations, and what is made of samples."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.text_parameters import (
    BETA_OF_CHARACTERS,
    CASE,
    LENGTH,
    LENGTH_OF_SHIFTS,
    NORMALIZE,
    NORMALIZE_ANSWERS,
    NORMALIZE_SHIFTED,
    ORDER,
    ORDER_OF_CHARACTERS,
    ORDER_OF_DISTINCT,
    SAMPLES,
    SMOOTHING,
    TOKENIZE,
    TOKENIZE_SUMMARIES,
    TOKENIZE_TRANSLATIONS,
    WORD_ORDER,
)
from evaluators.words import N_

TITLE = N_("Texts")
_metric = partial(MetricInfo, direction="higher", low=0, high=1, needs="texts", references=True)
_SQUAD = "Rajpurkar et al., SQuAD, 2016"
_answers = partial(_metric, theme="answers", source=_SQUAD, example={"target": "answer"})
_rouge = partial(
    _metric,
    theme="summaries",
    source="Lin, ROUGE: a package for automatic evaluation of summaries, 2004",
    parameters={"tokenize": TOKENIZE_SUMMARIES, "normalize": NORMALIZE, "longest": LENGTH},
    example={"target": "summary", "tokenize": "jieba"},
    libraries=("rapidfuzz",),
)
_translation = partial(
    _metric,
    theme="translation",
    high=100,
    example={"target": ["reference_1", "reference_2"], "prediction": "translation"},
    libraries=("sacrebleu",),
)
_NO_TOKEN = N_(
    "0 for an empty prediction; undefined where no answer has enough tokens, as of Chinese cut into words of "
    "ASCII letters."
)

METRICS = (
    _answers(
        "exact_match",
        N_("Exact match"),
        what=N_("The share of rows that are one of their references, letter by letter once normalized."),
        formula="(1/n) · Σ 1[ŷ = y]",
        degenerate=N_("Always defined; an empty prediction is right where nothing is left of an answer."),
        parameters={"normalize": NORMALIZE_ANSWERS, "longest": LENGTH},
    ),
    _answers(
        "token_f1",
        N_("F1 of tokens"),
        what=N_("The mean over rows of twice the shared tokens in parts of those of both texts."),
        formula="(1/n) · Σ 2·|y ∩ ŷ| / (|y| + |ŷ|)",
        degenerate=N_(
            "Always defined; where one side has no token, 1 if the other has none either, and 0 otherwise."
        ),
        parameters={"normalize": NORMALIZE_ANSWERS, "tokenize": TOKENIZE, "longest": LENGTH},
    ),
    _rouge(
        "rouge_1",
        "ROUGE-1",
        what=N_("The mean over rows of the F1 of single tokens, with the best of the references."),
        formula="(1/n) · Σ 2·|y ∩ ŷ| / (|y| + |ŷ|)",
        degenerate=_NO_TOKEN,
    ),
    _rouge(
        "rouge_2",
        "ROUGE-2",
        what=N_("The mean over rows of the F1 of pairs of tokens, with the best of the references."),
        formula=N_("as ROUGE-1, of pairs of neighbouring tokens"),
        degenerate=_NO_TOKEN,
    ),
    _rouge(
        "rouge_l",
        "ROUGE-L",
        what=N_(
            "The mean over rows of the F1 of the longest common subsequence of tokens, with the best of the "
            "references."
        ),
        formula="(1/n) · Σ 2·LCS(y, ŷ) / (|y| + |ŷ|)",
        degenerate=_NO_TOKEN,
    ),
    _translation(
        "bleu",
        "BLEU",
        what=N_(
            "The geometric mean of the precisions of n-grams over all rows, less for translations that are "
            "too short; in per cent, as sacrebleu gives it."
        ),
        formula="100 · min(1, exp(1 − r/c)) · (p₁ · … · pₙ)^(1/n)",
        source="Papineni et al., BLEU, 2002; Post, A call for clarity in reporting BLEU scores, 2018",
        degenerate=N_(
            "0 where no n-gram is right; undefined where no answer has a token. Without smoothing 0 where "
            "one order has no hit."
        ),
        parameters={
            "tokenize": TOKENIZE_TRANSLATIONS,
            "normalize": CASE,
            "smoothing": SMOOTHING,
            "order": ORDER,
            "longest": LENGTH,
        },
    ),
    _translation(
        "chrf",
        "chrF",
        what=N_(
            "The F-beta of the mean precision and recall of n-grams of characters over all rows; in per "
            "cent, as sacrebleu gives it, and chrF++ with words."
        ),
        formula="100 · (1 + β²)·P·R / (β²·P + R)",
        source="Popović, chrF, 2015; chrF++, 2017",
        degenerate=N_("0 where no n-gram is right; undefined where no answer has a character."),
        parameters={
            "order": ORDER_OF_CHARACTERS,
            "word_order": WORD_ORDER,
            "beta": BETA_OF_CHARACTERS,
            "normalize": CASE,
            "longest": LENGTH,
        },
    ),
    _translation(
        "ter",
        N_("Translation edit rate"),
        what=N_(
            "Words to replace, leave out or add and runs of words to move, over all rows, in parts of the "
            "mean length of the references; in per cent, as sacrebleu gives it."
        ),
        formula=N_("100 · Σ edits / Σ mean length of y"),
        source="Snover et al., A study of translation edit rate, 2006",
        degenerate=N_("100 for empty predictions; undefined where no answer has a token."),
        direction="lower",
        high=None,
        parameters={
            "tokenize": TOKENIZE,
            "normalize": NORMALIZE_SHIFTED,
            "longest": LENGTH_OF_SHIFTS,
        },
        longest=1_000,
        libraries=(),
    ),
    MetricInfo(
        "distinct_n",
        N_("Distinct n-grams"),
        what=N_("How many n-grams of all predictions differ from each other, in parts of all of them."),
        formula=N_("different n-grams / all n-grams"),
        source="Li et al., A diversity-promoting objective function for neural conversation models, 2016",
        degenerate=N_("Undefined where no prediction has an n-gram; empty predictions count for nothing."),
        direction="higher",
        low=0,
        high=1,
        needs="free_texts",
        theme="answers",
        parameters={
            "order": ORDER_OF_DISTINCT,
            "normalize": NORMALIZE,
            "tokenize": TOKENIZE,
            "longest": LENGTH,
        },
        example={"prediction": "reply"},
    ),
    MetricInfo(
        "pass_at_k",
        N_("Pass at k"),
        what=N_(
            "The mean over problems of the chance that one of k samples passes, drawn out of the n that were "
            "handed in, of which c pass."
        ),
        formula=N_("mean over problems of 1 − C(n − c, k) / C(n, k)"),
        source="Chen et al., Evaluating large language models trained on code, 2021",
        degenerate=N_(
            "Undefined where a problem has fewer than k samples in a split; a sample without a value does "
            "not pass."
        ),
        direction="higher",
        low=0,
        high=1,
        needs="outcomes",
        theme="outcomes",
        parameters={"k": SAMPLES},
        example={"target": "passes", "group": "problem", "k": 10},
    ),
)
