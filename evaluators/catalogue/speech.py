"""Transcripts, spellings and tags: texts that are told apart word by word."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.text_parameters import AVERAGE_OF_TYPES, LENGTH, NORMALIZE, SCHEME, SPACES, TOKENIZE
from evaluators.words import N_

TITLE = N_("Transcripts and tags")
_MORRIS = "Morris, Maier and Green, From WER and RIL to MER and WIL, 2004"
_metric = partial(
    MetricInfo,
    theme="transcripts",
    direction="lower",
    low=0,
    high=None,
    needs="texts",
    source=_MORRIS,
    example={"target": "transcript"},
    libraries=("rapidfuzz",),
)
_OF_WORDS = {"tokenize": TOKENIZE, "normalize": NORMALIZE, "longest": LENGTH}
_OF_CHARACTERS = {"normalize": NORMALIZE, "longest": LENGTH}
_LEVENSHTEIN = "Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals, 1966"
_NO_TOKEN = N_("Undefined where no answer has a token; an empty prediction leaves all of its words out.")

METRICS = (
    _metric(
        "wer",
        N_("Word error rate"),
        what=N_(
            "Words to replace, leave out or add over all rows, in parts of the words of the answers; with "
            "`tokenize: mixed` the mixed error rate of Chinese and English."
        ),
        formula="Σ (S + D + I) / Σ |y|",
        degenerate=_NO_TOKEN,
        parameters=_OF_WORDS,
    ),
    _metric(
        "cer",
        N_("Character error rate"),
        what=N_(
            "Characters to replace, leave out or add over all rows, in parts of the characters of the "
            "answers."
        ),
        formula="Σ (S + D + I) / Σ |y|",
        degenerate=N_("Undefined where no answer has a character; spaces around a text do not count."),
        parameters={"spaces": SPACES, "normalize": NORMALIZE, "longest": LENGTH},
        example={"target": "transcript", "spaces": "drop"},
    ),
    _metric(
        "mer",
        N_("Match error rate"),
        what=N_(
            "Words to replace, leave out or add over all rows, in parts of these and the words that match."
        ),
        formula="Σ (S + D + I) / Σ (H + S + D + I)",
        degenerate=_NO_TOKEN,
        ties=N_(
            "Where several alignments have as few edits, that of rapidfuzz says which words match, as in "
            "jiwer."
        ),
        high=1,
        parameters=_OF_WORDS,
    ),
    _metric(
        "edit_distance",
        N_("Edit distance"),
        what=N_("The mean over rows of the fewest characters to replace, leave out or add."),
        formula="(1/n) · Σ d(y, ŷ)",
        source=_LEVENSHTEIN,
        degenerate=N_("Always defined; an empty prediction is as far away as its answer is long."),
        parameters=_OF_CHARACTERS,
        example={"target": "formula"},
    ),
    _metric(
        "normalized_edit_distance",
        N_("Edit distance, normalized"),
        what=N_("The mean over rows of the edit distance in parts of the longer text."),
        formula="(1/n) · Σ d(y, ŷ) / max(|y|, |ŷ|)",
        source=_LEVENSHTEIN,
        degenerate=N_("Always defined; two texts of which nothing is left are 0 apart."),
        high=1,
        parameters=_OF_CHARACTERS,
        example={"target": "formula"},
    ),
    MetricInfo(
        "entity_f1",
        N_("F1 of entities (seqeval)"),
        what=N_(
            "F1 of the entities that tags make of a text: one is right when its type, its begin and its end "
            "are."
        ),
        formula="2·TP / (2·TP + FP + FN)",
        source="Tjong Kim Sang and De Meulder, Introduction to the CoNLL-2003 shared task, 2003",
        degenerate=N_("Undefined where no answer has an entity; 0 where no prediction has one."),
        direction="higher",
        low=0,
        high=1,
        needs="sequences",
        theme="tagging",
        parameters={"scheme": SCHEME, "average": AVERAGE_OF_TYPES, "longest": LENGTH},
        example={"target": "tags"},
    ),
)
