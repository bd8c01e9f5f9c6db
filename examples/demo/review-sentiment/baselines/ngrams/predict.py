"""Naive Bayes over single characters and pairs of them, trained on the rows of train.csv beside this file."""

import csv
import math
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grams(text: str) -> set[str]:
    """Characters and pairs of neighbours, each once."""
    return {*text, *map("".join, pairwise(text))}


def train(rows: list[dict[str, str]]) -> dict[str, float]:
    """The weight of each gram: ln of how much likelier it is in a positive review, smoothed by one half."""
    counts = {"0": Counter[str](), "1": Counter[str]()}
    for row in rows:
        counts[row["label"]].update(grams(row["text"]))
    totals = {label: sum(counter.values()) for label, counter in counts.items()}
    known = counts["0"] | counts["1"]

    def share(label: str, gram: str) -> float:
        return math.log((counts[label][gram] + 0.5) / (totals[label] + 0.5 * len(known)))

    return {gram: share("1", gram) - share("0", gram) for gram in known}


def predictions(weights: dict[str, float], rows: list[dict[str, str]]) -> Iterator[tuple[str, int]]:
    """Ids and labels."""
    for row in rows:
        yield row["id"], int(sum(weights.get(gram, 0.0) for gram in grams(row["text"])) > 0)


def main(source: Path, target: Path) -> None:
    """Train, then label every review."""
    weights = train(read(HERE / "train.csv"))
    with (target / "predictions.csv").open("w", encoding="utf-8", newline="") as file:
        rows = predictions(weights, read(source / "reviews.csv"))
        csv.writer(file).writerows([("id", "label"), *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
