"""How many digits the scores of a column get."""

import pytest

from leitai.leaderboards.writing import digits


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0.5, 0.4521], 6),
        ([1.07, 0.99], 6),
        ([-12.5, 3.0], 5),
        ([1234.5], 3),
        ([3e9], 1),
        ([], 6),
        ([0.0, None], 6),
        ([2e-7, 1e-9], None),
    ],
)
def test_a_column_has_seven_digits_or_each_score_its_own(
    values: list[float | None], wanted: int | None
) -> None:
    assert digits(values) == wanted
