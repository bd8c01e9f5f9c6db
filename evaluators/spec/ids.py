"""The key `ids` of a task: what makes two ids the same, and whether rows may come without any."""

from typing import Literal, get_args

from evaluators.spec.given import Given

Ids = Literal["text", "integer", "row_order"]


def parse_ids(given: Given) -> Ids:
    """`text` where nothing is said.

    Raises:
        SpecError: it is another word.
    """
    value = given.values.get("ids", "text")
    for known in get_args(Ids):
        if value == known:
            return known  # type: ignore[no-any-return]  # get_args has no types
    remedy = "Write text (1 is not 01), integer (1 is 01) or row_order (arrays may come without ids)."
    raise given.error("ids", f"{value!r} says nothing of ids.", remedy)
