"""The data of the examples: the same bytes each time, and nothing hidden stands in the open."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from examples import prepare
from examples.prepare import HERE, build, digest, files

REFERENCES = [
    *(f"credit-risk/hidden/{phase}.csv" for phase in ("preliminary", "final")),
    *(f"digit-images/hidden/{phase}/reference.csv" for phase in ("preliminary", "final")),
    *(f"load-forecast/hidden/{phase}.csv" for phase in ("preliminary", "final")),
    *(f"review-sentiment/hidden/{phase}/reference.csv" for phase in ("preliminary", "semi-final", "final")),
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_preparing_twice_gives_the_same_bytes(demo: Path, downloads: Path, tmp_path: Path) -> None:
    build(HERE / "demo", downloads, tmp_path / "again")
    first = {path.relative_to(demo): path.read_bytes() for path in files(demo)}
    assert {
        path.relative_to(tmp_path / "again"): path.read_bytes() for path in files(tmp_path / "again")
    } == first
    assert len(first) > 40


def test_a_prepared_bundle_is_made_again_only_when_something_changed(
    downloads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example, target = tmp_path / "examples/one", tmp_path / "var/one"
    (example / "task").mkdir(parents=True)
    target.parent.mkdir()
    (example / "task/prepare.py").write_text("def prepare(downloads, task): (task / 'data').write_text('1')")
    monkeypatch.setattr(prepare, "digest", lambda paths: digest(p for p in paths if p.is_relative_to(HERE)))
    assert prepare.prepare(example, downloads, target)
    assert (target / "task/data").read_text() == "1"
    assert not (target / "task/prepare.py").exists()
    assert not prepare.prepare(example, downloads, target)
    target.with_name("one.stamp").write_text("another state")
    assert prepare.prepare(example, downloads, target)


@pytest.mark.parametrize("name", REFERENCES)
def test_every_reference_has_both_sides_and_no_id_twice(demo: Path, name: str) -> None:
    reference = rows(demo / name)
    key = "time" if "time" in reference[0] else "id"
    assert len({row[key] for row in reference}) == len(reference)
    share = Counter(row["split"] for row in reference)
    assert set(share) == {"public", "private"}
    assert 0.25 < share["public"] / len(reference) < 0.65


def test_no_review_is_known_from_training_or_another_phase(demo: Path) -> None:
    task = demo / "review-sentiment"
    sets = [{row["text"] for row in rows(task / "data/train.csv")}]
    sets += [
        {row["text"] for row in rows(task / f"hidden/{phase}/input/reviews.csv")}
        for phase in ("preliminary", "semi-final", "final")
    ]
    assert [len(found) for found in sets] == [12_000, 2000, 1600, 1600]
    assert len(set.union(*sets)) == sum(map(len, sets))


def test_both_sides_of_the_reviews_are_balanced(demo: Path) -> None:
    for phase in ("preliminary", "semi-final", "final"):
        reference = rows(demo / f"review-sentiment/hidden/{phase}/reference.csv")
        for split in ("public", "private"):
            labels = [row["label"] for row in reference if row["split"] == split]
            assert 0.4 < labels.count("1") / len(labels) < 0.6


def test_hidden_input_has_the_ids_of_the_reference_and_no_answers(demo: Path) -> None:
    for task, table, header in (
        ("review-sentiment", "reviews.csv", ["id", "text"]),
        ("digit-images", "ids.csv", ["id"]),
    ):
        for phase in ("preliminary", "final"):
            asked = rows(demo / task / "hidden" / phase / "input" / table)
            assert list(asked[0]) == header
            reference = rows(demo / task / "hidden" / phase / "reference.csv")
            assert {row["id"] for row in asked} == {row["id"] for row in reference}


def test_no_image_is_in_training_and_in_a_phase(demo: Path) -> None:
    import numpy as np

    task = demo / "digit-images"
    arrays = [np.load(task / "data/train-images.npy")]
    arrays += [np.load(task / f"hidden/{phase}/input/images.npy") for phase in ("preliminary", "final")]
    assert [array.shape for array in arrays] == [(897, 8, 8), (500, 8, 8), (400, 8, 8)]
    assert len({image.tobytes() for array in arrays for image in array}) == 1797
    labels = np.load(task / "data/train-labels.npy")
    assert labels.shape == (897,)
    assert np.bincount(labels, minlength=10).min() > 70


def test_forecasts_are_asked_for_time_that_training_does_not_reach(demo: Path) -> None:
    task = demo / "load-forecast"
    last = max(row["time"] for row in rows(task / "data/train.csv"))
    for phase in ("preliminary", "final"):
        sample = [row["time"] for row in rows(task / f"data/sample-{phase}.csv")]
        reference = rows(task / f"hidden/{phase}.csv")
        assert min(sample) > last
        assert sorted(sample) == sorted(row["time"] for row in reference)
        days = {row["time"][:10]: row["split"] for row in reference}
        assert all(days[row["time"][:10]] == row["split"] for row in reference)
        assert {row["demand"] for row in rows(task / f"data/sample-{phase}.csv")} == {"0"}


def test_no_loan_is_known_from_training_and_outcomes_are_mixed(demo: Path) -> None:
    task = demo / "credit-risk"
    train = rows(task / "data/train.csv")
    features = [name for name in train[0] if name not in {"id", "default"}]
    assert not {"personal_status_and_sex", "foreign_worker", "creditability"} & set(features)
    known = Counter(tuple(row[name] for name in features) for row in train)
    for phase in ("preliminary", "final"):
        test = rows(task / f"data/test-{phase}.csv")
        assert list(test[0]) == ["id", *features]
        assert not any(known[tuple(row[name] for name in features)] for row in test)
        outcomes = [row["default"] for row in rows(task / f"hidden/{phase}.csv")]
        assert 0.2 < outcomes.count("1") / len(outcomes) < 0.4
