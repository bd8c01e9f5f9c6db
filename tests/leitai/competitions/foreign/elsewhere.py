"""Small competitions in the formats of other platforms, made for these tests."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import yaml

SCORER = """
import json
from pathlib import Path

truth = Path("/app/input/ref/truth.txt").read_text().split()
guess = Path("/app/input/res/guess.txt").read_text().split()
right = sum(a == b for a, b in zip(truth, guess, strict=True))
Path("/app/output/scores.json").write_text(json.dumps({"hits": right, "share": right / len(truth)}))
"""
INGESTION = "import shutil\nshutil.copy('/app/input_data/x.txt', '/app/output/guess.txt')\n"
KAGGLE = '''
import pandas as pd
import pandas.api.types


class ParticipantVisibleError(Exception):
    pass


def score(solution, submission, row_id_column_name: str, power: float = 2.0) -> float:
    """Mean error."""
    return float(((solution["y"] - submission["y"]).abs() ** power).mean())
'''
COMPUTE = """
def compute(params):
    return {"public_score": {"f1": 1.0}, "private_score": {"f1": 0.5}}
"""
EVALUATE = """
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    return {"result": [{"dev_split": {"Top1": 0.5}}, {"test_split": {"Top1": 0.25}}]}
"""


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def packed(files: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return target


def codabench(**values: Any) -> dict[str, Any]:
    """A competition.yaml of version 2, with two phases."""
    given = {
        "version": 2,
        "title": "Guess the words",
        "description": "Words are guessed.",
        "image": "logo.png",
        "terms": "pages/terms.md",
        "docker_image": "codalab/codalab-legacy:py312",
        "pages": [
            {"title": "Overview", "file": "pages/overview.html"},
            {"title": "Data", "file": "pages/data.md"},
        ],
        "tasks": [
            {"index": 0, "name": "Dev", "reference_data": "ref-dev", "scoring_program": "scoring.zip"},
            {"index": 1, "name": "Test", "reference_data": "ref-test.zip", "scoring_program": "scoring.zip"},
        ],
        "solutions": [{"index": 0, "tasks": [0, 1], "path": "solution"}],
        "phases": [
            {
                "index": 1,
                "name": "Final",
                "start": "2027-02-01 09:30:00",
                "end": "2027-03-01 00:00:00",
                "max_submissions_per_day": 3,
                "max_submissions": 1,
                "tasks": [1],
            },
            {
                "index": 0,
                "name": "Development",
                "start": "1-1-2027",
                "end": "1-31-2027",
                "max_submissions_per_day": 7,
                "max_submissions": 70,
                "tasks": [0],
                "starting_kit": "kit",
                "public_data": "open",
            },
        ],
        "leaderboards": [
            {
                "title": "Results",
                "key": "main",
                "primary_index": 1,
                "columns": [
                    {"title": "Hits", "key": "hits", "index": 0, "sorting": "desc", "precision": 0},
                    {"title": "Share", "key": "share", "index": 1, "sorting": "desc", "precision": 4},
                    {"title": "Secret", "key": "secret", "index": 2, "sorting": "asc", "hidden": True},
                ],
            }
        ],
    }
    return {**given, **values}


def codabench_files(document: dict[str, Any]) -> dict[str, str | bytes]:
    # As people write it: dates without quotes.
    text = yaml.safe_dump(document, sort_keys=False).replace("'2027-02-01 09:30:00'", "2027-02-01 09:30:00")
    return {
        "competition.yaml": text,
        "logo.png": b"\x89PNG",
        "pages/terms.md": "Be *fair*.\n",
        "pages/overview.html": "<h1>Words</h1><script>steal()</script><p>Guess <b>each</b> word.</p>",
        "pages/data.md": "# Files\n\nOne word a line.\n",
        "ref-dev/truth.txt": "a b\n",
        "ref-test.zip": packed({"truth.txt": "a c\n"}),
        "scoring.zip": packed({"metadata.yaml": "command: python3 score.py\n", "score.py": SCORER}),
        "solution/guess.txt": "a b\n",
        "kit/README.md": "Start here.\n",
        "kit/x.txt": "x\n",
        "open/words.txt": "a b c\n",
    }


OLD = """
title: Old one
description: Of long ago
image: logo.jpg
competition_docker_image: codalab/codalab-legacy:py37
end_date: 2027-06-01
html:
    terms: terms.html
    data: data.html
    overview: overview.html
phases:
    2:
        phasenumber: 2
        label: "Second"
        start_date: 2027-02-01
        max_submissions: 3
        scoring_program: program.zip
        reference_data: ref.zip
    1:
        phasenumber: 1
        label: "First"
        start_date: 2027-01-01
        max_submissions: 100
        max_submissions_per_day: 2
        scoring_program: program.zip
        reference_data: ref.zip
leaderboard:
    leaderboards:
        Results: &RESULTS
            label: RESULTS
            rank: 1
    columns:
        one:
            leaderboard: *RESULTS
            label: One
            rank: 2
            numeric_format: 4
            sort: asc
        mean:
            leaderboard: *RESULTS
            label: Mean
            rank: 1
            computed:
                operation: Avg
                fields: one, one
"""


def old_codabench() -> dict[str, str | bytes]:
    program = {
        "metadata": "command: python $program/evaluate.py $input $output\n",
        "evaluate.py": "print 'x'\n",
    }
    pages = {f"{name}.html": f"<p>{name}</p>" for name in ("terms", "data", "overview")}
    return {
        "competition.yaml": OLD,
        "program.zip": packed(program),  # type: ignore[arg-type]  # texts are content too
        "ref.zip": packed({"truth.txt": "1\n"}),
        **pages,
    }


def evalai(**values: Any) -> dict[str, Any]:
    given = {
        "title": "See it",
        "short_description": "Things are seen.",
        "description": "templates/description.html",
        "evaluation_details": "templates/evaluation.html",
        "terms_and_conditions": "templates/terms.html",
        "evaluation_script": "evaluation_script",
        "start_date": "2027-01-01 00:00:00",
        "end_date": "2027-12-31 00:00:00",
        "sponsors": [{"name": "Seers", "url": "https://seers.example"}],
        "prizes": [{"rank": 1, "amount": "100USD"}],
        "leaderboard": [
            {
                "id": 1,
                "schema": {
                    "labels": ["Loss", "Top1"],
                    "default_order_by": "Top1",
                    "metadata": {"Loss": {"sort_ascending": True}, "Top1": {"sort_ascending": False}},
                },
            }
        ],
        "challenge_phases": [
            {
                "id": 1,
                "name": "Only phase",
                "codename": "dev",
                "start_date": "2027-01-01 00:00:00",
                "end_date": "2027-06-01 00:00:00",
                "test_annotation_file": "annotations/test.json",
                "max_submissions_per_day": 4,
                "max_submissions_per_month": 20,
                "max_submissions": 40,
                "allowed_submission_file_types": ".json, .zip",
            }
        ],
        "dataset_splits": [
            {"id": 1, "name": "Dev", "codename": "dev_split"},
            {"id": 2, "name": "Test", "codename": "test_split"},
        ],
        "challenge_phase_splits": [
            {
                "challenge_phase_id": 1,
                "leaderboard_id": 1,
                "dataset_split_id": split,
                "visibility": visibility,
                "leaderboard_decimal_precision": 3,
            }
            for split, visibility in ((1, 3), (2, 1))
        ],
    }
    return {**given, **values}


def evalai_files(document: dict[str, Any]) -> dict[str, str | bytes]:
    return {
        "challenge_config.yaml": yaml.safe_dump(document, sort_keys=False),
        "templates/description.html": "<p>See <i>it</i>.</p>",
        "templates/evaluation.html": "<ul><li>Top1</li></ul>",
        "templates/terms.html": "<p>Be fair.</p>",
        "annotations/test.json": "[]",
        "evaluation_script/__init__.py": "from .main import evaluate\n",
        "evaluation_script/main.py": EVALUATE,
    }


def kaggle_files(**more: str) -> dict[str, str | bytes]:
    given: dict[str, str | bytes] = {
        "solution.csv": "id,y,Usage\n1,1.5,Public\n2,2.5,Private\n3,9,Ignored\n",
        "sample_submission.csv": "id,y\n1,0\n2,0\n",
        "train.csv": "id,y\n7,1\n",
        "test.csv": "id\n1\n2\n",
        "description.md": "# Guess y\n",
    }
    return {**given, **more}


def huggingface_files(**conf: Any) -> dict[str, str | bytes]:
    given = {
        "COMPETITION_ID": "org/guess-y",
        "COMPETITION_NAME": "Guess y",
        "EVAL_METRIC": "roc_auc_score",
        "EVAL_HIGHER_IS_BETTER": True,
        "SUBMISSION_ID_COLUMN": "id",
        "SUBMISSION_LIMIT": 8,
        "END_DATE": "2027-08-01",
    }
    return {
        "conf.json": json.dumps({**given, **conf}),
        "solution.csv": "id,y,split\n1,1,public\n2,0,private\n3,0,public\n4,1,private\n",
        "sample_submission.csv": "id,y\n1,0\n2,0\n3,0\n4,0\n",
    }
