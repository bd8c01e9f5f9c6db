"""Handwritten digits, 8 by 8 pixels (UCI Optical Recognition of Handwritten Digits; scikit-learn)."""

import gzip
from pathlib import Path

from examples.shaping.arrays import write_bytes_array
from examples.shaping.order import shuffled, split
from examples.shaping.packages import read_from_wheel
from examples.shaping.tables import write_csv

SALT = "digit-images"
SIDE = 8
TRAIN = 897
HIDDEN = {"preliminary": 500, "final": 400}
BASELINES = ("nearest-mean", "support-vectors")
PUBLIC_SHARE = 0.4

Image = tuple[bytes, int]


def prepare(downloads: Path, task: Path) -> None:
    """Write open data, hidden inputs, references and the baselines' own copy of the open data."""
    images = shuffled(read_images(downloads), SALT, lambda image: image[0].hex())
    write_train(task / "data", images[:TRAIN])
    rest = images[TRAIN:]
    for phase, count in HIDDEN.items():
        write_phase(task / "hidden" / phase, phase[0], rest[:count])
        rest = rest[count:]
    for name in BASELINES:
        write_train(task / "baselines" / name, images[:TRAIN])


def read_images(downloads: Path) -> list[Image]:
    """Pixels (0 to 16) and label of each image."""
    content = read_from_wheel(downloads, "scikit_learn", "sklearn/datasets/data/digits.csv.gz")
    rows = [list(map(int, line.split(","))) for line in gzip.decompress(content).decode().split()]
    assert len({bytes(row[:-1]) for row in rows}) == len(rows)
    return [(bytes(row[:-1]), row[-1]) for row in rows]


def write_train(folder: Path, images: list[Image]) -> None:
    """Images with their labels, in the same order."""
    write_images(folder / "train-images.npy", images)
    write_bytes_array(folder / "train-labels.npy", (len(images),), bytes(label for _, label in images))


def write_images(path: Path, images: list[Image]) -> None:
    """One array of all images."""
    write_bytes_array(path, (len(images), SIDE, SIDE), b"".join(pixels for pixels, _ in images))


def write_phase(folder: Path, letter: str, images: list[Image]) -> None:
    """Hidden input and reference of one phase."""
    ids = [f"{letter}{number:04}" for number in range(1, len(images) + 1)]
    write_images(folder / "input/images.npy", images)
    write_csv(folder / "input/ids.csv", ["id"], [(key,) for key in ids])
    answers = [
        (key, label, split(SALT, pixels.hex(), PUBLIC_SHARE))
        for key, (pixels, label) in zip(ids, images, strict=True)
    ]
    write_csv(folder / "reference.csv", ["id", "label", "split"], answers)
