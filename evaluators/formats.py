"""The formats of tables by the ends of their names, for whoever takes such a file or names one."""

from pathlib import PurePosixPath

PACKED = (".csv.gz", ".jsonl.gz", ".zip")
"""One table within another file; a zip holds it under its own name."""

SUFFIXES = (".csv", ".parquet", ".jsonl", ".npy", ".npz", *PACKED)


def suffix(name: str) -> str:
    """The end that tells a table's format, in small letters: `.csv.gz` of `P.CSV.GZ`."""
    ends = [end.lower() for end in PurePosixPath(name).suffixes[-2:]]
    double = "".join(ends)
    return double if double in SUFFIXES else (ends or [""])[-1]


def stem(name: str) -> str:
    """The name without that end."""
    return name[: len(name) - len(suffix(name))]
