"""The label of the nearest training review by edit distance: ten million pairs, far too many for the limit.

It stands here to show what a team sees when its program does not end in time.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or exchanged (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, sign in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            exchanged = diagonal + (sign != against)
            diagonal = row[place]
            row[place] = min(exchanged, row[place] + 1, row[place - 1] + 1)
    return row[-1]


def main(source: Path, target: Path) -> None:
    """Label every review like its nearest neighbour."""
    known, asked = read(HERE / "train.csv"), read(source / "reviews.csv")
    rows = []
    for number, row in enumerate(asked, 1):
        nearest = min(known, key=lambda other: distance(row["text"], other["text"]))
        rows.append((row["id"], nearest["label"]))
        print(f"{number} of {len(asked)} reviews", flush=True)
    with (target / "predictions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "label"), *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
