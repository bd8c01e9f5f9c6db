"""Tasks with labels in a tree: as paths, and as names with declared parents."""

from pathlib import Path
from typing import Any

import pytest

import evaluators
from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.trees import DEEPEST, are_parents
from tests.evaluators.trial import answers, evaluated, rejected, spec

PARENTS = {"cat": "mammal", "dog": "mammal", "crow": "bird", "mammal": "animal", "bird": "animal"}
NAMES = ["cat", "dog", "crow", "crow"]
PATHS = ["a/m/cat", "a/m/dog", "a/b/crow", "a/b/crow"]


def scored(folder: Path, known: list[str], said: list[Any], **settings: Any) -> dict[str, Any]:
    rows = [{"id": f"r{number}", "y": label} for number, label in enumerate(said)]
    task = spec({"metric": "hierarchical_f", "name": "F", "target": "y", **settings})
    return evaluated(folder, answers(known), rows, task)


def test_paths_and_names_with_parents_score_alike(tmp_path: Path) -> None:
    by_path = scored(tmp_path, PATHS, ["a/m/dog", "a/m/cat", "a/b/crow", "a/b"])
    by_name = scored(tmp_path, NAMES, ["dog", "cat", "crow", "bird"], parents=PARENTS)
    assert by_path["scores"] == by_name["scores"]
    assert by_path["scores"]["public"]["F"] == pytest.approx(5 / 6)
    assert by_path["scores"]["private"]["F"] == pytest.approx(2 * 4 / 11)


def test_recall_may_count_more(tmp_path: Path) -> None:
    result = scored(tmp_path, PATHS, ["a/m/cat", "a/m", "a/b/crow", "a/b"], beta=2)
    assert result["scores"]["private"]["F"] == pytest.approx(5 * 4 / (4 * 6 + 4))


@pytest.mark.parametrize(
    ("label", "settings", "code"),
    [
        ("fish", {"parents": PARENTS}, "unknown_labels"),
        ("a/cat", {"parents": PARENTS}, "unknown_labels"),
        ("", {"parents": PARENTS}, "no_values"),
        ("a//cat", {}, "unknown_labels"),
        ("/a", {}, "unknown_labels"),
        ("a/" * DEEPEST + "a", {}, "unknown_labels"),
    ],
)
def test_what_is_no_label_of_the_tree_rejects(
    tmp_path: Path, label: str, settings: dict[str, Any], code: str
) -> None:
    known, said = (NAMES, ["cat", "dog", "crow"]) if settings else (PATHS, ["a", "a", "a"])
    found = rejected(scored(tmp_path, known, [*said, label], **settings))
    assert found == (code, {"column": "y", "count": 1, "examples": ["r3"]})


def test_a_path_that_the_reference_lacks_may_be_predicted(tmp_path: Path) -> None:
    result = scored(tmp_path, PATHS, ["a/m/mouse"] * 4)
    assert result["scores"]["public"]["F"] == pytest.approx(3 / 6)


def test_a_reference_outside_of_the_tree_is_trouble_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTrouble, match="no label of the tree"):
        scored(tmp_path, ["cat", "dog", "crow", "fish"], NAMES, parents=PARENTS)


@pytest.mark.parametrize(
    "parents", [{}, {"a": "a"}, {"a": "b", "b": "a"}, {"a": 1}, {"a": ""}, ["a"], {"a": None}]
)
def test_parents_are_a_tree_of_texts(parents: Any) -> None:
    assert not are_parents(parents)
    with pytest.raises(SpecError, match="mapping of each label"):
        evaluators.validate(spec({"metric": "hierarchical_f", "target": "y", "parents": parents}))


def test_a_tree_has_a_bounded_depth() -> None:
    chain = {str(number): str(number + 1) for number in range(DEEPEST - 1)}
    assert are_parents(chain)
    assert not are_parents(chain | {str(DEEPEST - 1): str(DEEPEST)})
