"""The draws of a task, made with its reference."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from evaluators.formulas.guard import Array
from evaluators.uncertainty.draws import Dice, Draws, draw, of_groups, of_rows
from evaluators.uncertainty.settings import Uncertainty

EDGE = 65_536


def seed(uncertainty: Uncertainty, reference: Path, name: str = "") -> str:
    """The seed of a task: its own, else made of its reference, so that it is as secret as that.

    Where there are several files, that of each ``name`` is another.

    The file's size and both its ends tell one reference from another; reading it all would take longer than
    scoring does.
    """
    if uncertainty.seed is not None:
        return f"seed {uncertainty.seed} {name}".strip()
    size = reference.stat().st_size
    with reference.open("rb") as file:
        start = file.read(EDGE)
        file.seek(max(0, size - EDGE))
        return sha256(b"%d\0%b%b" % (size, start, file.read(EDGE))).hexdigest()


def draws(
    uncertainty: Uncertainty, seeded: str, parts: Mapping[str, slice], groups: Mapping[str, Array | None]
) -> dict[str, dict[str, Draws]]:
    """The draws of each split, of rows under no name and of groups under their column's name."""
    found: dict[str, dict[str, Draws]] = {split: {} for split in parts}
    for split, part in parts.items():
        for name, codes in {"": None, **groups}.items():
            dice = Dice(seeded, split, name)
            looked = of_rows(dice, part.stop - part.start) if codes is None else of_groups(dice, codes[part])
            drawn = draw(dice, uncertainty.resamples, looked)
            if drawn is not None:
                _ = drawn.sizes, drawn.places  # worked out once, before any submission
                found[split][name] = drawn
    return found


def tag(uncertainty: Uncertainty, seeded: str, rows: Mapping[str, int]) -> bytes:
    """A mark that two submissions share just when their replicates are of the same draws."""
    return sha256(repr((uncertainty, seeded, sorted(rows.items()))).encode()).digest()[:8]
