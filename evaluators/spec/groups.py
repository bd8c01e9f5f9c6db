"""A metric over groups of rows, which a column of the reference names: their mean, or the worst of them."""

from dataclasses import dataclass
from typing import Any

from evaluators.catalogue.parameters import is_label
from evaluators.spec.given import LONGEST_NAME, Given

OVER = ("mean", "worst")
_ONLY_WITH = ("over", "show_groups")


@dataclass(frozen=True)
class Groups:
    """The column that names the groups; those ``shown`` have a column of their own on the board.

    What a group is called, and how many there are, is hidden data unless the task lists it here.
    """

    column: str
    over: str
    shown: tuple[str, ...] = ()

    def names(self, score: str) -> list[str]:
        """What the shown groups' columns are called."""
        return [f"{score} · {group}" for group in self.shown]


def parse_groups(given: Given) -> Groups | None:
    """What stands under ``by``, ``over`` and ``show_groups``.

    Raises:
        SpecError: it cannot be used.
    """
    if "by" not in given.values:
        for key in _ONLY_WITH:
            if key in given.values:
                remedy = "Name the column of the reference that names the groups, like by: region."
                raise given.error(key, "is given without by.", remedy)
        return None
    over = given.values.get("over")
    if over not in OVER:
        problem = "is missing." if over is None else f"{over!r} is not known."
        raise given.error("over", problem, f"Choose {' or '.join(OVER)}.")
    column = given.column("by", "the column of the reference that names the groups")
    return Groups(column, over, _shown(given, given.values.get("show_groups", [])))


def _shown(given: Given, shown: Any) -> tuple[str, ...]:
    """Their names, which become open to everybody by standing here."""
    remedy = "List the groups whose own scores everybody may see, like show_groups: [north, south]."
    if not isinstance(shown, list) or not all(map(is_label, shown)):
        raise given.error("show_groups", f"{shown!r} is no list of groups.", remedy)
    names = tuple(str(group) for group in shown)
    if len(set(names)) < len(names):
        raise given.error("show_groups", "names a group twice.", remedy)
    for name in Groups("", "", names).names(given.name(str(given.values.get("metric")))):
        if len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
            fitting = f"Keep it printable and within {LONGEST_NAME} characters."
            raise given.error("show_groups", f"would head a column with {name!r}.", fitting)
    return names
