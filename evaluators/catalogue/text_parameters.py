"""What a task may set on a metric of texts."""

from evaluators.catalogue.parameters import BETA, Parameter, is_count, is_number, one_of
from evaluators.words import N_

LONGEST = 100_000
LONGEST_OF_SHIFTS = 2_000


_NORMALIZE = N_(
    "What is done to both sides first: `lower` makes letters small; `plain` also makes wide characters "
    "narrow and takes punctuation of every script and doubled spaces away; `squad` makes letters small and "
    "takes ASCII punctuation, the articles a, an and the, and doubled spaces away."
)
_WAYS_TO_NORMALIZE = N_("one of none, lower, plain, squad")
NORMALIZE = one_of(_WAYS_TO_NORMALIZE, _NORMALIZE, "none", "lower")
NORMALIZE_ANSWERS = one_of(_WAYS_TO_NORMALIZE, _NORMALIZE, "squad", "plain")
NORMALIZE_SHIFTED = one_of(_WAYS_TO_NORMALIZE, _NORMALIZE, "lower", "none")
CASE = one_of(
    N_("one of none, lower"),
    N_("What is done to both sides first: `lower` makes letters small."),
    "none",
    "lower",
)

_TOKENIZE = N_(
    "What counts as a token: what stands between spaces (`whitespace`), a character (`char`), a Chinese "
    "character or what stands between them and spaces (`mixed`), a run of ASCII letters and digits in small "
    "letters (`words`, which sees no Chinese), or a word as jieba cuts Chinese (`jieba`)."
)
_WAYS_TO_TOKENIZE = N_("one of whitespace, char, mixed, words, jieba")
TOKENIZE = one_of(_WAYS_TO_TOKENIZE, _TOKENIZE, "whitespace", "mixed")
TOKENIZE_SUMMARIES = one_of(_WAYS_TO_TOKENIZE, _TOKENIZE, "words", "jieba")
TOKENIZE_TRANSLATIONS = one_of(
    N_("one of 13a, intl, zh, char, none, jieba"),
    N_(
        "How sacrebleu cuts texts into tokens: as WMT does (`13a`), by the classes of Unicode (`intl`), "
        "Chinese by character and the rest as WMT (`zh`), by character (`char`), at spaces alone (`none`); "
        "`jieba` cuts Chinese words first."
    ),
    "13a",
    "zh",
)
SMOOTHING = one_of(
    N_("one of exp, floor, add-k, none"),
    N_("What stands for a precision without a hit (Chen and Cherry 2014, methods 3, 1 and 2)."),
    "exp",
    "floor",
)
ORDER = Parameter(
    N_("a whole number from 1 to 10"),
    "4",
    lambda value: is_count(value) and value <= 10,
    what=N_("The longest n-grams that are compared."),
    default="`4`",
)
ORDER_OF_CHARACTERS = Parameter(
    ORDER.meaning, "6", ORDER.accepts, what=N_("The longest n-grams of characters."), default="`6`"
)
ORDER_OF_DISTINCT = Parameter(
    ORDER.meaning, "1", ORDER.accepts, what=N_("The length of the n-grams that are counted."), default="`2`"
)
WORD_ORDER = Parameter(
    N_("a whole number from 0 to 10"),
    "2",
    lambda value: (value == 0 and is_number(value)) or ORDER.accepts(value),
    what=N_("The longest n-grams of words that count beside those of characters; 2 makes it chrF++."),
    default="`0`",
)
BETA_OF_CHARACTERS = Parameter(BETA.meaning, "1", BETA.accepts, what=BETA.what, default="`2`")
SPACES = one_of(
    N_("one of keep, drop"),
    N_("Whether spaces between words are characters too; for Chinese, drop them."),
    "keep",
    "drop",
)
SCHEME = one_of(
    N_("one of lenient, BIO, BIOES"),
    N_(
        "Which tags make an entity: only what is spelled right by the scheme, or, `lenient`, what conlleval "
        "and seqeval read out of any tags."
    ),
    "lenient",
    "BIO",
)
AVERAGE_OF_TYPES = one_of(
    N_("one of micro, macro, weighted"),
    N_("Over all entities, the mean over types, or that weighted by the entities of the reference."),
    "micro",
    "macro",
)
SAMPLES = Parameter(
    N_("a whole number from 1"),
    "10",
    is_count,
    required=True,
    what=N_("How many samples of a problem are drawn; one that passes is enough."),
)
LENGTH = Parameter(
    N_("a whole number from 1 to 100,000"),
    "2000",
    lambda value: is_count(value) and value <= LONGEST,
    what=N_("The most characters that a text may have, on either side; a longer prediction is rejected."),
    default="`10,000`",
)
LENGTH_OF_SHIFTS = Parameter(
    N_("a whole number from 1 to 2,000"),
    "500",
    lambda value: is_count(value) and value <= LONGEST_OF_SHIFTS,
    what=LENGTH.what,
    default="`1,000`",
)
