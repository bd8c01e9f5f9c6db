"""References are read as numbers where that is enough, and nobody can tell from what is said of them."""

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators import reference
from evaluators.errors import ReferenceTrouble
from evaluators.reference import read_reference
from evaluators.spec.task import parse
from evaluators.tables import plain_csv
from tests.evaluators.trial import spec

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["1", "-0", "+3", "007", " 2", "2 ", ".5", "5.", "1e400", "1E-3", "9007199254740993"]),
)
ODD = st.sampled_from(["", " ", "nan", "NaN", "-nan", "inf", "much", "1,5", "true", "None"])


def told(folder: Path, cells: list[str], of_numbers: tuple[str, ...]) -> list[str]:
    """The bits of the answers, or the words of the trouble, of a table that is read by polars."""
    rows = [f'r{n},{("public", "private")[n % 2]},"{cell}"' for n, cell in enumerate(cells)]
    (folder / "answers.csv").write_text("\n".join(["id,split,y", *rows]))
    with patch.object(plain_csv, "MOST_BYTES", 0), patch.object(reference, "_OF_NUMBERS", of_numbers):
        try:
            return [float(y).hex() for y in read_reference(parse(spec()), folder).answers["mae"].values]
        except ReferenceTrouble as error:
            return [str(error)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference")


@given(st.lists(NUMBERS, min_size=2, max_size=6), st.lists(ODD, max_size=1))
def test_numbers_and_words_are_told_as_if_all_were_texts(
    folder: Path, numbers: list[str], odd: list[str]
) -> None:
    cells = [*odd, *numbers]
    assert told(folder, cells, ("numbers",)) == told(folder, cells, ())


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ("nan", "the column y holds what is no number up to 1e+140"),
        ("much", "the column y holds what is no number up to 1e+140"),
        ("", "the column y is empty in 1 rows"),
    ],
)
def test_what_is_no_number_is_told_as_it_is_written(folder: Path, odd: str, words: str) -> None:
    assert told(folder, ["1", odd, "2.5"], ("numbers",)) == [words]
