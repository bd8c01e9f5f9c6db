"""A submission of several tables, each compared with a table of its own; their scores stand on one board."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from evaluators import efficiency
from evaluators.errors import ReferenceTrouble, Rejected
from evaluators.figures.kinds import Figure
from evaluators.formats import SUFFIXES, stem, suffix
from evaluators.reference import Reference, read_reference, read_table
from evaluators.scoring import Scores, add_combined, score, shown, spread, versions
from evaluators.spec.task import Spec
from evaluators.splits import SPLITS
from evaluators.uncertainty.replicates import Resampled


@dataclass(frozen=True)
class References:
    """The hidden answers of each file, by its name."""

    tables: Mapping[str, Reference]

    @property
    def tag(self) -> bytes:
        """What tells their draws from all others."""
        return sha256(b"".join(own.tag for own in self.tables.values())).digest()[:8]

    def work_out(self) -> None:
        """Do now what the first submission would have to wait for."""
        for reference in self.tables.values():
            reference.work_out()


def read_references(spec: Spec, folder: Path) -> Reference | References:
    """The reference, or all of them.

    Raises:
        ReferenceTrouble: the organizer must mend it.
    """
    if not spec.files:
        return read_reference(spec, folder)
    tables = {stem(path.name): path for path in sorted(folder.iterdir()) if suffix(path.name) in SUFFIXES}
    if missing := [name for name in spec.files if stem(name) not in tables]:
        raise ReferenceTrouble(f"the reference has no table named {stem(missing[0])}, for {missing[0]}")
    return References({name: read_table(own, tables[stem(name)], name) for name, own in spec.files.items()})


def evaluate(spec: Spec, references: References, path: Path, measured: efficiency.Measured) -> dict[str, Any]:
    """The result as it is recorded; a rejection names the file.

    Raises:
        ReferenceTrouble: a metric is undefined on a reference.
    """
    rows = {split: sum(own.rows[split] for own in references.tables.values()) for split in SPLITS}
    scores: Scores = {split: {} for split in SPLITS}
    resampled = {split: Resampled(spec.uncertainty, {}) for split in SPLITS if spec.uncertainty}
    figures: list[Figure] = []
    try:
        used = efficiency.scores(spec.usages, measured, sum(rows.values()))
    except Rejected as error:
        return {"rejection": {"code": error.code, "params": error.params}}
    for name, own in spec.files.items():
        table = references.tables[name]
        # what is found of each file is kept with that of the others
        drawn = {
            split: replace(each, draws=table.draws[split], file=name) for split, each in resampled.items()
        }
        try:
            found = score(own, table, path, drawn, member=name, figures=figures)
        except Rejected as error:
            return {"rejection": {"code": error.code, "params": {"file": name, **error.params}}}
        for split in SPLITS:
            scores[split] |= found[split]
    for split in SPLITS:
        scores[split] |= used
        for combination in add_combined(spec, scores[split]):
            if split in resampled:
                resampled[split].combine(combination)
    result: dict[str, Any] = {"scores": scores, "rows": rows, "versions": versions(spec)}
    result |= spread(spec, references.tag, scores, resampled) | shown(figures)
    return result | ({"measured": dict(measured)} if spec.usages else {})
