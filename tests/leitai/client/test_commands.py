"""The teams' commands against a portal that really listens."""

import json
import socket
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from leitai import db, storage
from leitai.competitions.models import Download, Phase, Task
from leitai.leaderboards.models import Standing
from leitai.submissions.models import Run as RunRow
from leitai.submissions.models import Score, State, Submission
from tests.leitai.client.conftest import TRAIN, Run, World
from tests.leitai.factories import make_run, make_submission, make_team


def credentials() -> Path:
    return Path.cwd().parent / "config/leitai/credentials.json"


def submissions() -> list[Submission]:
    with db.reading() as session:
        return list(session.scalars(select(Submission).order_by(Submission.id)))


def scored(world: World, **scores: float) -> Submission:
    with db.transaction() as session:
        submission = make_submission(
            session, world.phase, world.team, state=State.SCORED, finished_at=db.now(), message="mean"
        )
        run = make_run(session, submission, state=State.SCORED, finished_at=db.now())
        submission.run_id = run.id
        for metric, value in scores.items():
            session.add(Score(run_id=run.id, split="public", metric=metric, value=value))
    return submission


def test_signing_in_keeps_the_token_and_never_shows_it(run: Run, address: str, world: World) -> None:
    result = run("login", f"{address}/", input=f"{world.token}\n")
    assert result.exit_code == 0
    assert result.stdout == f"Signed in at {address} as Ada (ada@example.org).\n"
    assert world.token not in result.output
    assert json.loads(credentials().read_text()) == {"url": address, "token": world.token}
    assert credentials().stat().st_mode & 0o777 == 0o600


def test_the_token_can_be_given_as_an_option(run: Run, address: str, world: World) -> None:
    result = run("login", address, "--token", world.token, "--json")
    assert json.loads(result.stdout)["email"] == "ada@example.org"
    assert world.token not in result.output


def test_a_wrong_token_is_refused_and_what_was_kept_stays(signed_in: Run, address: str, world: World) -> None:
    result = signed_in("login", address, input="leitai_wrong\n")
    assert result.exit_code == 1
    assert "Make a new one on your account page" in result.stderr
    assert "leitai_wrong" not in result.output
    assert world.token in credentials().read_text()


def test_whoever_is_not_signed_in_is_told_how(run: Run) -> None:
    result = run("tasks")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "leitai login URL" in result.stderr


def test_signing_out_forgets_the_token(signed_in: Run) -> None:
    assert signed_in("logout").stdout == "The token is forgotten.\n"
    assert not credentials().exists()
    assert json.loads(signed_in("logout", "--json").stdout) == {"forgotten": False}
    assert signed_in("tasks").exit_code == 1


def test_a_portal_that_nobody_answers_for_is_its_own_exit_code(run: Run, world: World) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = run("login", f"http://127.0.0.1:{port}", input=f"{world.token}\n")
    assert result.exit_code == 3
    assert "cannot be reached" in result.stderr
    assert world.token not in result.output


def test_an_address_that_is_no_portal_is_told(run: Run, address: str, world: World) -> None:
    result = run("login", f"{address}/competitions", input=f"{world.token}\n")
    assert result.exit_code == 3
    assert "Check the address" in result.stderr


def test_tasks_are_listed_by_the_names_that_other_commands_take(signed_in: Run) -> None:
    result = signed_in("tasks")
    assert result.exit_code == 0
    assert "cup/table" in result.stdout
    assert "cup/code" in result.stdout
    found = json.loads(signed_in("tasks", "--json").stdout)
    assert [task["slug"] for task in found[0]["tasks"]] == ["table", "code"]


@pytest.mark.parametrize("name", ["table", "cup/table/x", "cup/", "cup/ta ble", "../table"])
def test_what_is_no_name_of_a_task_is_wrong_usage(signed_in: Run, name: str) -> None:
    assert signed_in("board", name).exit_code == 2


def test_a_task_that_does_not_exist_is_refused_in_the_portals_words(signed_in: Run) -> None:
    result = signed_in("board", "cup/nothing")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")


def test_data_is_fetched_once_and_each_download_is_recorded(signed_in: Run, world: World) -> None:
    result = signed_in("download", "cup/table", "-o", "data")
    assert result.exit_code == 0, result.output
    assert Path("data/train.csv").read_bytes() == TRAIN
    assert [path.name for path in Path("data").iterdir()] == ["train.csv"]
    again = json.loads(signed_in("download", "cup/table", "-o", "data", "--json").stdout)
    assert [(file["name"], file["fetched"]) for file in again] == [("train.csv", False)]
    with db.reading() as session:
        rows = session.scalars(select(Download)).all()
        assert [(row.data_file_id, row.person_id) for row in rows] == [(world.file.id, world.captain.id)]


def test_validation_data_come_with_what_scores_a_file_on_them(signed_in: Run, world: World) -> None:
    with db.transaction() as session:
        session.get_one(Task, world.table.id).validation = {"": "train.csv"}
    told = signed_in("download", "cup/table", "-o", "data").stdout
    found = json.loads(Path("data/evaluation.json").read_text())
    assert (found["task"], found["validation"]) == ("cup/table", "train.csv")
    assert found["evaluation"] == world.table.evaluation
    assert "leitai evaluate data FILE" in told


def test_validation_data_of_several_files_come_by_the_names_of_what_they_are_compared_with(
    signed_in: Run, world: World
) -> None:
    with db.transaction() as session:
        session.get_one(Task, world.table.id).validation = {"a.csv": "train.csv"}
    signed_in("download", "cup/table", "-o", "data")
    assert json.loads(Path("data/evaluation.json").read_text())["validation"] == {"a.csv": "train.csv"}


def test_validation_data_that_are_not_all_offered_leave_no_description(signed_in: Run, world: World) -> None:
    with db.transaction() as session:
        tables = {"a.csv": "train.csv", "b.csv": "gone.csv"}
        session.get_one(Task, world.table.id).validation = tables
    assert signed_in("download", "cup/table", "-o", "data").exit_code == 0
    assert not Path("data/evaluation.json").exists()


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(signed_in: Run, world: World) -> None:
    part = Path(f"table/train.csv.{world.file.digest[:12]}.part")
    part.parent.mkdir()
    part.write_bytes(TRAIN[:300_000])
    assert signed_in("download", "cup/table").exit_code == 0
    assert Path("table/train.csv").read_bytes() == TRAIN
    assert not part.exists()


def test_what_comes_damaged_is_thrown_away_and_told(signed_in: Run, world: World) -> None:
    part = Path(f"table/train.csv.{world.file.digest[:12]}.part")
    part.parent.mkdir()
    part.write_bytes(b"x" * 300_000)
    result = signed_in("download", "cup/table")
    assert result.exit_code == 1
    assert "came damaged" in result.stderr
    assert list(Path("table").iterdir()) == []
    assert signed_in("download", "cup/table").exit_code == 0


def test_an_older_version_on_disk_is_replaced(signed_in: Run) -> None:
    Path("table").mkdir()
    Path("table/train.csv").write_text("an older version")
    assert "fetched" in signed_in("download", "cup/table").stdout
    assert Path("table/train.csv").read_bytes() == TRAIN


def test_predictions_are_handed_in_with_their_message(signed_in: Run, world: World) -> None:
    Path("均值.csv").write_text("id,value\n1,2\n")
    result = signed_in("submit", "cup/table", "均值.csv", "-m", 'the "mean", 均值', "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    (row,) = submissions()
    assert (answer["id"], answer["state"], answer["team"]) == (row.id, "queued", "Flat earth")
    assert (row.file_name, row.message, row.person_id) == ("均值.csv", 'the "mean", 均值', world.captain.id)
    assert b"".join(storage.artefacts().chunks(row.digest)) == b"id,value\n1,2\n"


def test_people_are_told_how_to_follow_what_they_handed_in(signed_in: Run) -> None:
    Path("p.csv").write_text("id,value\n1,2\n")
    result = signed_in("submit", "cup/table", "p.csv")
    assert result.stdout == "Submission 1 is in. Follow it with: leitai status 1 --watch\n"


def test_a_folder_with_a_program_is_handed_in_as_a_zip(signed_in: Run) -> None:
    Path("my-program/.git").mkdir(parents=True)
    Path("my-program/.git/config").write_text("secret")
    Path("my-program/predict.py").write_text("print()")
    assert signed_in("submit", "cup/code", "my-program").exit_code == 0
    (row,) = submissions()
    assert (row.kind, row.file_name) == ("code", "my-program.zip")
    with storage.artefacts().local(row.digest) as place, zipfile.ZipFile(place) as archive:
        assert archive.namelist() == ["predict.py"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("p.txt", "id,value\n", "which this task takes"),
        ("p.csv", "", "is empty"),
        ("p.csv", "x" * 1_000_001, "1,000,000 at most"),
    ],
)
def test_what_the_task_does_not_take_is_not_sent(signed_in: Run, name: str, content: str, why: str) -> None:
    Path(name).write_text(content)
    result = signed_in("submit", "cup/table", name)
    assert result.exit_code == 1
    assert why in result.stderr
    assert submissions() == []


def test_a_refusal_of_the_portal_is_told_in_its_words(signed_in: Run, world: World) -> None:
    with db.transaction() as session:
        session.get_one(Phase, world.phase.id).ends_at = db.now() - timedelta(minutes=1)
    Path("p.csv").write_text("id,value\n1,2\n")
    result = signed_in("submit", "cup/table", "p.csv", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Nothing more can be handed in" in result.stderr
    assert submissions() == []


def test_own_submissions_are_listed_newest_first(signed_in: Run, world: World) -> None:
    first, second = scored(world, rmse=1234.5678), scored(world, rmse=0.5)
    found = json.loads(signed_in("status", "--json").stdout)
    assert [row["id"] for row in found] == [second.id, first.id]
    lines = signed_in("status").stdout.splitlines()
    assert "0.5" in lines[1]
    assert "1,234.57" in lines[2]


def test_one_submission_is_shown_with_its_score(signed_in: Run, world: World) -> None:
    submission = scored(world, rmse=0.25, mae=0.125)
    text = signed_in("status", str(submission.id)).stdout
    for expected in ("cup/table, open", "Flat earth", "scored: 0.25", "0.125"):
        assert expected in text


def test_watching_what_is_scored_ends_with_its_score(signed_in: Run, world: World) -> None:
    scored(world, rmse=0.5)
    newest = scored(world, rmse=0.25)
    result = signed_in("status", "--watch", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["id"], answer["scores"]) == (newest.id, {"rmse": 0.25})


def test_watching_what_is_rejected_says_why_and_has_its_own_exit_code(signed_in: Run, world: World) -> None:
    submission = scored(world)
    with db.transaction() as session:
        row = session.get_one(Submission, submission.id)
        row.state = State.REJECTED
        run = session.scalars(select(RunRow)).one()
        run.state, run.code, run.params = State.REJECTED, "missing_ids", {"count": 3, "examples": ["7", "8"]}
    result = signed_in("status", str(submission.id), "--watch")
    assert result.exit_code == 4
    assert "Ids of the test data without a row: 3" in result.stdout
    assert f"Submission {submission.id} was rejected." in result.stderr


def test_nobody_sees_the_submission_of_another_team(signed_in: Run, world: World) -> None:
    with db.transaction() as session:
        other = make_submission(session, world.phase, make_team(session))
    result = signed_in("status", str(other.id))
    assert (result.exit_code, result.stdout) == (1, "")


def test_watching_without_a_submission_says_how_to_get_one(signed_in: Run) -> None:
    result = signed_in("status", "--watch")
    assert result.exit_code == 1
    assert "leitai submit" in result.stderr


def standing(session: Any, world: World, submission: Submission, split: str, value: float) -> None:
    values = {"sort_key": value, "value": value, "scores": {"rmse": value, "mae": value / 2}}
    given = {"phase_id": world.phase.id, "team_id": submission.team_id, "submission_id": submission.id}
    session.add(Standing(**given, **values, split=split, submitted_at=submission.created_at))


def test_the_board_shows_ranks_scores_and_the_own_team(signed_in: Run, world: World) -> None:
    mine = scored(world, rmse=2.0)
    with db.transaction() as session:
        rival = make_submission(session, world.phase, make_team(session, name="[bold]Rival\x1b[31m"))
        standing(session, world, mine, "public", 2.0)
        standing(session, world, rival, "public", 1.0)
        standing(session, world, mine, "private", 3.0)
    text = signed_in("board", "cup/table").stdout
    assert text.index("Rival") < text.index("Flat earth")
    assert "[bold]Rival" in text
    assert "\x1b[31m" not in text
    assert "your rank: 2" in text
    rows = json.loads(signed_in("board", "cup/table", "--json").stdout)["rows"]
    assert [(row["rank"], row["scores"]["rmse"], row["own"]) for row in rows] == [
        (1, 1.0, False),
        (2, 2.0, True),
    ]


def test_the_private_board_is_refused_until_it_is_shown(signed_in: Run, world: World) -> None:
    mine = scored(world, rmse=2.0)
    with db.transaction() as session:
        standing(session, world, mine, "private", 3.0)
    result = signed_in("board", "cup/table", "--split", "private", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    with db.transaction() as session:
        phase = session.get_one(Phase, world.phase.id)
        phase.ends_at = phase.private_from = phase.revealed_at = db.now() - timedelta(minutes=1)
    shown = json.loads(signed_in("board", "cup/table", "--split", "private", "--json").stdout)
    assert [row["value"] for row in shown["rows"]] == [3.0]


def test_the_environment_serves_programs_without_a_sign_in(
    run: Run, address: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEITAI_URL", address)
    monkeypatch.setenv("LEITAI_TOKEN", world.token)
    assert "cup/table" in run("tasks").stdout
    assert not credentials().exists()


HEAVY = """import sys
from leitai.client import commands
print(*{"requests", "rich", "pydantic"} & {*sys.modules})
"""


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_help_names_the_exit_codes(run: Run) -> None:
    text = run("submit", "--help").stdout
    for line in (
        "1  the portal refused",
        "3  the portal cannot be reached",
        "4  the submission was rejected",
    ):
        assert line in text
