"""Figures of built-in metrics on their whole way: declared in a bundle, made in a container, on the page."""

from pathlib import Path

import pytest

from leitai import db
from leitai.competitions.bundle.loading import load_bundle
from leitai.scoring import checking
from leitai.scoring.parts import Parts
from leitai.web.figures.words import KNOWN
from tests.leitai.competitions import bundles
from tests.leitai.scoring.test_programs import parts

__all__ = ["parts"]
REFERENCE = "id,split,kind,size\na,public,x,1\nb,public,y,5\nc,private,y,9\nd,private,x,9\ne,public,x,2\n"
SAID = "id,kind,size,chance\nb,x,2,0.2\na,x,1,0.1\nc,y,9,0.9\nd,x,9,0.3\ne,x,1.5,0.6\n"
METRICS = [
    {"metric": "accuracy", "target": "kind"},
    {"metric": "log_loss", "target": "kind", "prediction": "chance", "positive": "y"},
    {"metric": "mae", "target": "size"},
]


@pytest.mark.engine
def test_a_container_makes_what_the_bundle_declares_and_the_portal_has_words_for_it(
    parts: Parts, tmp_path: Path
) -> None:
    names = [name for name, _ in KNOWN]
    evaluation = {"id": "id", "split": "split", "metrics": METRICS, "figures": names}
    phase = bundles.phase("first", "-1 d", "+10 d", reference="hidden/first.csv")
    task = bundles.task(evaluation=evaluation, phases=[phase])
    place = bundles.write(tmp_path / "bundle", bundles.competition(task), {"hidden/first.csv": REFERENCE})
    said = tmp_path / "said.csv"
    said.write_text(SAID)
    bundle = load_bundle(place, db.now())
    spec = bundle.tasks[0].spec
    result = checking.try_file(bundle, spec, spec.phases[0], said, parts)
    figures = {(figure["name"], figure.get("of")): figure for figure in result.figures}
    assert {(figure["name"], figure["kind"]) for figure in result.figures} == set(KNOWN)
    assert figures["confusion", "accuracy"]["counts"] == [[2, 0], [1, 0]]
    assert figures["examples", "mae"]["rows"] == [["b", 2], ["e", 1.5]]
    assert figures["examples", "log_loss"]["rows"] == [["b", 0.2], ["e", 0.6], ["a", 0.1]]
    assert sum(figures["residuals", "mae"]["counts"]) == 3
