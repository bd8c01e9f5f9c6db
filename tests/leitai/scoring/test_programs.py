"""Programs of four systems score in real containers, unmodified, and what goes wrong with them is told."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.models import Phase
from leitai.scoring import checking, service, stages
from leitai.scoring.checking import Finding
from leitai.scoring.parts import Parts
from leitai.scoring.scorer import Said, Scorer
from leitai.settings import Settings
from leitai.storage import artefacts
from leitai.submissions.models import Submission
from leitai.worker import wire
from sandbox.docker_engine import DockerSandbox
from tests.leitai.competitions import bundles
from tests.leitai.factories import make_person, make_submission
from tests.leitai.scoring import programs
from tests.leitai.scoring.programs import OFF, RIGHT, zipped

pytestmark = pytest.mark.engine
ANSWER = zipped({"answer.json": '{"a": 1, "b": 2}'})


@pytest.fixture
def parts(settings_of_test: Settings) -> Iterator[Parts]:
    found = wire(settings_of_test)
    why = checking.unready(found)
    assert not why, why
    yield found
    found.sandbox.drain()


def tried(
    parts: Parts, folder: Path, made: Any, handed_in: dict[str, bytes | str], **task: Any
) -> list[Finding]:
    """How each of these files ends."""
    for name, content in handed_in.items():
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    baselines = [{"name": name, "file": f"in/{name}"} for name in handed_in]
    bundle = load_bundle(programs.write(folder, made, baselines, **task), db.now())
    return list(checking.dry_run(bundle, parts, lambda _: None))


def one(parts: Parts, folder: Path, made: Any, content: bytes | str, name: str, **task: Any) -> Finding:
    (found,) = tried(parts, folder, made, {name: content}, **task)
    return found


def test_a_kaggle_metric_is_called_for_each_split_with_aligned_rows(parts: Parts, tmp_path: Path) -> None:
    right, off = tried(parts, tmp_path, programs.kaggle(), {"right.csv": RIGHT, "off.csv": OFF})
    assert (right.public, right.private) == ({"Error": 0.0}, {"Error": 0.0})
    assert (off.public, off.private) == ({"Error": 1.0}, {"Error": 3.0})


def test_a_kaggle_metric_gets_its_extra_arguments(parts: Parts, tmp_path: Path) -> None:
    found = one(parts, tmp_path, programs.kaggle(parameters={"power": 2}), OFF, "off.csv")
    assert (found.public, found.private) == ({"Error": 1.0}, {"Error": 9.0})


REFUSED = {
    "negative": (OFF.replace("a,2", "a,-2"), "refused_by_program", "Values must not be negative."),
    "missing": ("id,value\na,1\nb,2\n", "missing_ids", "'examples': ['c', 'd']"),
    "extra": (RIGHT + "e,1\n", "extra_ids", "'examples': ['e']"),
    "twice": (RIGHT + "a,1\n", "duplicate_ids", "'examples': ['a']"),
    "empty": (RIGHT + ",1\n", "empty_ids", "'examples': ['#5']"),
    "column": ("id,wert\na,1\n", "missing_columns", "'columns': ['value']"),
    "nothing": ("", "no_rows", ""),
    "header": ("id,value\n", "no_rows", ""),
    "longer": ("id,value\na,1,7\nb,2,7\nc,1,7\nd,1,7\n", "unreadable", "more fields than the header"),
    "latin": (b"id,value,\xe4\xf6\na,1,1\n", "not_utf8", ""),
    "wide": ("id," + ",".join(map(str, range(10_000))) + "\n", "too_wide", "10001"),
}


def test_the_table_of_a_kaggle_metric_is_refused_with_the_reason(parts: Parts, tmp_path: Path) -> None:
    given = {f"{name}.csv": row[0] for name, row in REFUSED.items()}
    for found, (_, code, told) in zip(
        tried(parts, tmp_path, programs.kaggle(), given), REFUSED.values(), strict=True
    ):
        assert found.outcome == code, found
        assert told in found.problem


def test_a_hub_metric_fetches_its_files_without_a_network(parts: Parts, tmp_path: Path) -> None:
    handed_in = "id,value\nb,5\na,2\nd,4\n"
    found = one(parts, tmp_path, programs.huggingface(), handed_in, "off.csv")
    assert found.public == {"MAE": 0.5, "Worst": 1.0}
    assert found.private == {"MAE": 3.0, "Worst": 3.0}


def test_an_evaluation_script_tells_its_splits_apart(parts: Parts, tmp_path: Path) -> None:
    found = one(parts, tmp_path, programs.evalai(), '{"a": 1, "b": 3, "c": 3, "d": 4}', "x.json")
    assert (found.public, found.private) == ({"Top-1": 0.5}, {"Top-1": 1.0})
    assert found.notes == "Left out, for no column declares them: Total."


def test_a_scoring_program_reads_and_writes_where_its_system_has_it(parts: Parts, tmp_path: Path) -> None:
    found = one(parts, tmp_path, programs.codabench(), ANSWER, "x.zip")
    assert found.public == found.private == {"Accuracy": 0.5, "Right": 2.0}
    assert found.notes == "Left out, for no column declares them: duration."


def test_either_split_may_have_a_reference_of_its_own(parts: Parts, tmp_path: Path) -> None:
    evaluation, files = programs.codabench(splits="folders")
    del files["reference/truth.json"]
    files |= {"reference/public/truth.json": '{"a": 1}', "reference/private/truth.json": '{"b": 2, "c": 3}'}
    # What the first run leaves must be gone in the second, which could not make it again.
    files["scoring_program/score.py"] += "\nopen('/app/shared/left', 'x')\n"
    found = one(parts, tmp_path, (evaluation, files), ANSWER, "x.zip")
    assert (found.public, found.private) == (
        {"Accuracy": 1.0, "Right": 1.0},
        {"Accuracy": 0.5, "Right": 1.0},
    )


def test_a_zip_that_could_do_harm_is_the_teams_to_mend(parts: Parts, tmp_path: Path) -> None:
    given = {"out.zip": zipped({"../answer.json": "{}"}), "no.zip": b"no zip at all"}
    for found in tried(parts, tmp_path, programs.codabench(), given):
        assert found.outcome == "refused_archive"


def test_nothing_that_a_team_hands_in_is_ever_imported(parts: Parts, tmp_path: Path) -> None:
    evil = "import os; print('it ran'); os._exit(7)\n"
    names = ["evaluators/__init__.py", "json.py", "sitecustomize.py", "usercustomize.py", "score.py", "os.py"]
    handed_in = zipped({"answer.json": '{"a": 1}', **dict.fromkeys(names, evil)})
    found = one(parts, tmp_path, programs.codabench(), handed_in, "x.zip")
    assert found.public == {"Accuracy": 0.25, "Right": 1.0}


INGESTED = "def predict(value):\n    return value + 1\n"
QUESTIONS = {"input/questions.json": '{"a": 0, "b": 1, "c": 2, "d": 9}'}


def ingesting(program: str = programs.INGESTION) -> Any:
    evaluation, files = programs.codabench(ingestion={"path": "ingestion_program"})
    files |= QUESTIONS
    return evaluation, {
        **files,
        "ingestion_program/ingest.py": program,
        "ingestion_program/metadata": programs.INGEST,
    }


def test_an_ingestion_program_runs_beside_the_submitted_code(parts: Parts, tmp_path: Path) -> None:
    code = {"kind": "code", "phase": {"input": "input"}}
    found = one(parts, tmp_path, ingesting(), zipped({"model.py": INGESTED}), "x.zip", **code)
    assert found.public == {"Accuracy": 0.75, "Right": 3.0}, found


def test_an_ingestion_program_never_sees_the_reference(parts: Parts, tmp_path: Path) -> None:
    look = (
        "import os\n"
        "found = [os.path.join(folder, name) for folder, _, names in os.walk('/') for name in names]\n"
        "assert not [path for path in found if 'truth' in path or 'reference' in path.split('/')[2:3]]\n"
        "specs = [path for path in found if path.endswith('spec.json')]\n"
        "assert specs and not any('Accuracy' in open(path).read() for path in specs)\n"
    )
    code = {"kind": "code", "phase": {"input": "input"}}
    handed_in = zipped({"model.py": INGESTED})
    found = one(parts, tmp_path, ingesting(look + programs.INGESTION), handed_in, "x.zip", **code)
    assert found.public == {"Accuracy": 0.75, "Right": 3.0}, found


def test_what_submitted_code_does_wrong_beside_an_ingestion_program_is_its_teams(
    parts: Parts, tmp_path: Path
) -> None:
    code = {"kind": "code", "phase": {"input": "input"}}
    handed_in = zipped({"model.py": "raise RuntimeError('no model')\n"})
    found = one(parts, tmp_path, ingesting(), handed_in, "x.zip", **code)
    assert (found.outcome, "no model" in found.log) == ("runtime_error", True)


PREDICT = "import pathlib, sys\npathlib.Path(sys.argv[2], 'answer.json').write_text('{\"a\": 1}')\n"


def test_all_that_submitted_code_leaves_goes_on_to_the_scoring_program(parts: Parts, tmp_path: Path) -> None:
    evaluation, files = programs.codabench(expects=["answer.json"])
    code = {"kind": "code", "phase": {"input": "input"}}
    given = {"good.zip": zipped({"predict.py": PREDICT}), "bad.zip": zipped({"predict.py": "pass"})}
    good, bad = tried(parts, tmp_path, (evaluation, {**files, **QUESTIONS}), given, **code)
    assert good.public == {"Accuracy": 0.25, "Right": 1.0}
    assert (bad.outcome, "answer.json" in bad.problem) == ("missing_output", True)


def test_the_file_of_submitted_code_goes_on_to_a_metric(parts: Parts, tmp_path: Path) -> None:
    evaluation, files = programs.kaggle()
    program = f"import pathlib, sys\npathlib.Path(sys.argv[2], 'out.csv').write_text({OFF!r})\n"
    made = ({**evaluation, "file": "out.csv"}, {**files, **QUESTIONS})
    code = {"kind": "code", "phase": {"input": "input"}}
    found = one(parts, tmp_path, made, zipped({"predict.py": program}), "x.zip", **code)
    assert (found.public, found.private) == ({"Error": 1.0}, {"Error": 3.0})


def test_what_a_run_uses_stands_beside_the_scores_of_a_program(parts: Parts, tmp_path: Path) -> None:
    evaluation, files = programs.kaggle()
    program = f"import pathlib, sys\npathlib.Path(sys.argv[2], 'out.csv').write_text({OFF!r})\n"
    slow = f"{program}import time\ntime.sleep(1.2)\n"
    used = [
        {"metric": "wall_time", "name": "Seconds", "cap": "1 s"},
        {"metric": "submission_size", "name": "Bytes"},
        {"metric": "throughput", "name": "Rows"},
    ]
    evaluation |= {"file": "out.csv", "columns": [*evaluation["columns"], *used]}
    given = {"quick.zip": zipped({"predict.py": program}), "slow.zip": zipped({"predict.py": slow})}
    code = {"kind": "code", "phase": {"input": "input"}}
    quick, late = tried(parts, tmp_path, (evaluation, {**files, **QUESTIONS}), given, **code)
    assert (quick.public["Error"], quick.private["Error"]) == (1.0, 3.0), quick
    assert quick.public["Bytes"] == quick.private["Bytes"] == len(given["quick.zip"])
    assert 0 < quick.public["Seconds"] < 1
    assert quick.public["Rows"] == pytest.approx(3 / quick.public["Seconds"], rel=0.02)
    assert (late.outcome, "'budget_s': 1.0" in late.problem) == ("over_time", True)


FAULTS = {
    "kaggle": ("raise ValueError('answer 42')", "The program raised ValueError: answer 42"),
    "nothing": ("print('so long'); os._exit(0)", "The evaluator wrote no scores.json"),
    "no number": ("return 1, 2", "The program's public score 'Error' is no finite number: (1, 2) (tuple)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_metric_does_wrong_is_told_to_its_organizer(parts: Parts, tmp_path: Path, name: str) -> None:
    line, told = FAULTS[name]
    made = programs.kaggle(f"import os\ndef score(a, b, c):\n    {line}\n")
    found = one(parts, tmp_path, made, RIGHT, "x.csv")
    assert (found.outcome, found.public) == ("failed", {})
    assert told in found.problem


def test_a_hub_without_the_file_is_told_to_its_organizer(parts: Parts, tmp_path: Path) -> None:
    text = programs.HUGGINGFACE.replace("solution.csv", "secret.csv")
    found = one(parts, tmp_path, programs.huggingface(text), "id,value\na,1\nb,2\nd,4\n", "x.csv")
    assert "there are solution.csv, submissions/team-submission.csv, and no network" in found.problem


def test_the_log_of_a_program_that_fails_goes_to_its_organizer(parts: Parts, tmp_path: Path) -> None:
    text = "import sys; print('so'); print('long', file=sys.stderr); raise SystemExit(3)"
    found = one(parts, tmp_path, programs.codabench(text), ANSWER, "x.zip")
    assert found.problem.endswith("so\nlong\nThe program ended with exit code 3.")


def test_a_program_is_held_to_the_limits_of_its_task(parts: Parts, tmp_path: Path) -> None:
    slow = programs.codabench("import time; time.sleep(60)", limits={"wall": "1 s"})
    found = one(parts, tmp_path, slow, ANSWER, "x.zip")
    assert "The evaluator ended with time_limit. It took more than 1 s" in found.problem


GREEDY = """
import sys
block = b"x" * 10_000_000
with open("/app/output/filler", "wb") as file:
    for _ in range(10_000):
        file.write(block)
"""


def test_a_program_that_writes_without_end_meets_its_limits(parts: Parts, tmp_path: Path) -> None:
    made = programs.codabench(GREEDY, limits={"memory": "500 MB", "work": "100 MB"})
    found = one(parts, tmp_path, made, ANSWER, "x.zip")
    assert found.outcome == "failed"
    assert "The evaluator ended with" in found.problem


PROBING = """
import json, os, socket
assert not os.access("/data/reference", os.W_OK) and not os.access("/data/program", os.W_OK)
try:
    socket.create_connection(("1.1.1.1", 53), 1)
except OSError:
    pass
else:
    raise SystemExit("it has a network")
assert os.getuid() != 0
json.dump({"acc": 1, "right": 0}, open("/app/output/scores.json", "w"))
"""


def test_a_program_has_no_network_and_cannot_change_what_it_compares_with(
    parts: Parts, tmp_path: Path
) -> None:
    found = one(parts, tmp_path, programs.codabench(PROBING), ANSWER, "x.zip")
    assert found.public == {"Accuracy": 1.0, "Right": 0.0}, found.problem


def test_programs_of_years_ago_have_an_image_of_their_own(parts: Parts, tmp_path: Path) -> None:
    text = (
        "import json, numpy, pandas, sklearn, yaml\n"
        "from matplotlib import pyplot\n"
        "pyplot.plot([1, 2]); pyplot.savefig('/app/output/plot.png')\n"
        "assert [m.__version__[:4] for m in (numpy, pandas, sklearn)] == ['1.23', '1.5.', '1.2.']\n"
        "json.dump({'acc': numpy.float(1), 'right': 2}, open('/app/output/scores.json', 'w'))\n"
    )
    found = one(parts, tmp_path, programs.codabench(text, image="legacy"), ANSWER, "x.zip")
    assert found.public == {"Accuracy": 1.0, "Right": 2.0}, found.problem


def test_an_image_that_nobody_built_is_told(parts: Parts, tmp_path: Path) -> None:
    made = programs.codabench(image="legacy")
    found = one(replace(parts, legacy="leitai-legacy:none"), tmp_path, made, ANSWER, "x.zip")
    assert "The image legacy is missing: leitai images build legacy" in found.problem


def test_a_program_scores_in_the_container_that_waits_for_it(
    database: Settings, parts: Parts, tmp_path: Path
) -> None:
    bundle = load_bundle(programs.write(tmp_path, programs.kaggle(), []), db.now())
    stored = artefacts().put(io.BytesIO(OFF.encode()), 1000)
    with db.transaction() as session:
        make_person(session, email=bundles.ORGANIZER)
        apply(session, bundle, artefacts())
        phase = session.scalars(select(Phase)).one()
        number = make_submission(session, phase, digest=stored.digest, size=stored.size, file_name="x.csv").id
        work = service.work_in(session, phase)
    cast("DockerSandbox", parts.sandbox).warm(stages.scoring(work, parts))
    assert Scorer(parts, database, "worker").score_next() == Said.DONE
    with db.reading() as session:
        run = session.get_one(Submission, number).runs[-1]
        assert {score.metric: score.value for score in run.scores} == {"Error": 1.0}, run.trouble
        assert run.sealed == {"Error": 3.0}
        assert run.receipt["data"]["program"] == work.program
        assert run.receipt["rows"] == {"public": 2, "private": 1}
        assert {"python", "numpy", "pandas"} <= set(run.receipt["versions"])
