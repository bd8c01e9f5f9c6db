"""Bundles with programs of four systems, small enough that their scores are known by heart."""

import io
import zipfile
from pathlib import Path
from typing import Any

from tests.leitai.competitions import bundles

SOLUTION = "id,value,Usage\na,1,Public\nb,2,Private\nc,9,Ignored\nd,4,Public\n"
HUB_SOLUTION = "id,value,split\na,1,public\nb,2,private\nd,4,public\n"
RIGHT = "id,value\nd,4\na,1\nb,2\nc,0\n"
# Off by one in both public rows, by three in the private one.
OFF = "id,value\nb,5\na,2\nc,0\nd,3\n"

KAGGLE = """
import pandas as pd


class ParticipantVisibleError(Exception):
    pass


def score(solution: pd.DataFrame, submission: pd.DataFrame, row_id_column_name: str, power: int = 1) -> float:
    assert "Usage" not in solution.columns
    assert list(solution.columns) == ["id", "value"]
    assert (solution[row_id_column_name] == submission[row_id_column_name]).all()
    assert solution.index.equals(submission.index)
    del solution[row_id_column_name]
    del submission[row_id_column_name]
    if (submission["value"] < 0).any():
        raise ParticipantVisibleError("Values must not be negative.")
    return float(((solution["value"] - submission["value"]).abs() ** power).mean())
"""

HUGGINGFACE = """
import pandas as pd
from huggingface_hub import hf_hub_download


def compute(params):
    solution = pd.read_csv(
        hf_hub_download(
            repo_id=params.competition_id, filename="solution.csv", token=params.token, repo_type="dataset"
        )
    )
    name = f"submissions/{params.team_id}-{params.submission_id}.csv"
    submission = pd.read_csv(
        hf_hub_download(repo_id=params.competition_id, filename=name, token=params.token, repo_type="dataset")
    )
    both = solution.merge(submission, on=params.submission_id_col, suffixes=("", "_given"))
    both["error"] = (both["value"] - both["value_given"]).abs()
    found = {}
    for split in ("public", "private"):
        part = both[both["split"] == split]
        found[f"{split}_score"] = {"mae": part["error"].mean(), params.metric: part["error"].max()}
    return found
"""

CODABENCH = """
import json
import os
import sys

given, target = sys.argv[1:]
assert os.getcwd() == "/app/program", os.getcwd()
assert given == "/app/input" and target == "/app/output", sys.argv
names = sorted(os.path.join(folder, name) for folder, _, names in os.walk(given) for name in names)
print(names)
with open(os.path.join(given, "ref", "truth.json")) as file:
    truth = json.load(file)
with open(os.path.join(given, "res", "answer.json")) as file:
    answer = json.load(file)
right = sum(truth[key] == answer.get(key) for key in truth)
with open("notes.txt", "w") as file:
    file.write("a program may write where it lies")
with open(os.path.join(target, "scores.json"), "w") as file:
    json.dump({"acc": right / len(truth), "right": right, "duration": 3.5}, file)
"""
METADATA = "description: counts what is right\ncommand: python3 $program/score.py $input $output\n"

INGESTION = """
import json
import os
import sys

given, target, program, submitted = sys.argv[1:]
assert os.getcwd() == program == "/app/program"
assert (given, target, submitted) == ("/app/input_data", "/app/output", "/app/ingested_program")
sys.path.append(submitted)
from model import predict

with open(os.path.join(given, "questions.json")) as file:
    questions = json.load(file)
with open(os.path.join(target, "answer.json"), "w") as file:
    json.dump({key: predict(value) for key, value in questions.items()}, file)
"""
INGEST = "command: python3 $program/ingest.py $input $output $program $submission_program\n"

EVALAI = """
import json

from .counting import share


def evaluate(test_annotation_file, user_annotation_file, phase_codename, **kwargs):
    assert "submission_metadata" in kwargs
    with open(test_annotation_file) as file:
        truth = json.load(file)
    with open(user_annotation_file) as file:
        answer = json.load(file)
    print("evaluating", phase_codename)
    return {
        "result": [
            {"dev_split": {"Top1": share(truth["dev"], answer), "Total": 7}},
            {"test_split": {"Top1": share(truth["test"], answer), "Total": 7}},
        ],
        "submission_result": "done",
    }
"""
COUNTING = """
def share(truth, answer):
    return sum(truth[key] == answer.get(key) for key in truth) / len(truth)
"""

Files = dict[str, str]


def column(name: str, key: str = "", direction: str = "higher", **more: Any) -> dict[str, Any]:
    return {"name": name, "direction": direction, **({"key": key} if key else {}), **more}


def kaggle(text: str = KAGGLE, **program: Any) -> tuple[dict[str, Any], Files]:
    evaluation = {
        "id": "id",
        "split": "Usage",
        "program": {"kind": "kaggle", "path": "metric.py", "predictions": ["value"], **program},
        "columns": [column("Error", direction="lower", low=0)],
    }
    return evaluation, {"metric.py": text, "reference.csv": SOLUTION}


def huggingface(text: str = HUGGINGFACE, **program: Any) -> tuple[dict[str, Any], Files]:
    given = {"kind": "huggingface", "path": "hub", "parameters": {"metric": "worst"}, **program}
    columns = [column("MAE", "mae", "lower"), column("Worst", "worst", "lower")]
    evaluation = {"id": "id", "split": "split", "program": given, "columns": columns}
    return evaluation, {"hub/metric.py": text, "reference.csv": HUB_SOLUTION}


def codabench(text: str = CODABENCH, **program: Any) -> tuple[dict[str, Any], Files]:
    given = {"kind": "codabench", "path": "scoring_program", "splits": "same", **program}
    columns = [column("Accuracy", "acc", low=0, high=1), column("Right", "right")]
    files = {
        "scoring_program/score.py": text,
        "scoring_program/metadata.yaml": METADATA,
        "reference/truth.json": '{"a": 1, "b": 2, "c": 3, "d": 4}',
    }
    return {"program": given, "columns": columns}, files


def evalai(text: str = EVALAI, **program: Any) -> tuple[dict[str, Any], Files]:
    phases = {"first": {"codename": "dev", "public": "dev_split", "private": "test_split"}}
    given = {"kind": "evalai", "path": "evaluation_script", "phases": phases, **program}
    files = {
        "evaluation_script/__init__.py": "from .main import evaluate\n",
        "evaluation_script/main.py": text,
        "evaluation_script/counting.py": COUNTING,
        "reference.json": '{"dev": {"a": 1, "b": 2}, "test": {"c": 3, "d": 4}}',
    }
    return {"program": given, "columns": [column("Top-1", "Top1")]}, files


def reference_of(files: Files) -> str:
    return next(name.partition("/")[0] for name in files if name.startswith("reference"))


def write(
    folder: Path, made: tuple[dict[str, Any], Files], baselines: list[dict[str, Any]], **task: Any
) -> Path:
    """A bundle of one task with this evaluation, one phase, and these baselines; their files come with it."""
    evaluation, files = made
    phase = bundles.phase("first", "-1 d", "+10 d", reference=reference_of(files), **task.pop("phase", {}))
    given = bundles.task(evaluation=evaluation, phases=[phase], baselines=baselines, **task)
    return bundles.write(folder, bundles.competition(given), files)


def zipped(files: dict[str, str]) -> bytes:
    """Files as the zip that a team hands in."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
