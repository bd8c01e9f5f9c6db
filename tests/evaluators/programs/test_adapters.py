"""What is taken from programs, and what is told of those that give nothing usable; without a container."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evaluators.errors import ReferenceTrouble, Rejected
from evaluators.programs import commands, modules
from evaluators.programs.results import ProgramTrouble, one_line
from evaluators.programs.running import Places, evaluate
from evaluators.spec.task import parse
from tests.leitai.scoring import programs


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Three folders and an empty one in place of /app."""
    monkeypatch.setattr(commands, "APP", tmp_path / "app")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("main", "challenge_data", "challenge_data.challenge_1", "challenge_data.challenge_1.main"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    found = Places(tmp_path / "reference", tmp_path / "program", tmp_path / "in")
    for folder in (found.reference, found.program, found.handed_in, tmp_path / "app"):
        folder.mkdir()
    return found


def run(places: Places, made: tuple[dict[str, Any], dict[str, str]], **handed_in: str) -> dict[str, Any]:
    """The result of a program of `tests.leitai.scoring.programs`, laid out as in its container."""
    evaluation, files = made
    program = evaluation["program"]
    if program["kind"] == "codabench" and "command" not in program:
        program["command"] = "python3 $program/score.py $input $output"
    top = program["path"]
    for name, content in files.items():
        first, _, rest = name.partition("/")
        home = places.program if first == top else places.reference
        place = home / (rest or name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    for name, content in handed_in.items():
        (places.handed_in / f"{name}.json").write_text(content)
    return evaluate(parse(evaluation), places)


def dumping(scores: str) -> str:
    return f"import sys; open(sys.argv[2] + '/scores.json', 'w').write({scores!r})"


def test_lines_are_read_where_there_is_no_json(places: Places) -> None:
    lines = '---\nacc: 0.25 # so far\n"right": 1e1\n'
    text = f"import sys; open(sys.argv[2] + '/scores.txt', 'w').write({lines!r})"
    found = run(places, programs.codabench(text), answer="{}")
    assert found["scores"]["public"] == found["scores"]["private"] == {"Accuracy": 0.25, "Right": 10.0}
    assert found["notes"] == []
    assert found["versions"]["python"]


def test_json_goes_before_lines(places: Places) -> None:
    text = dumping('{"acc": 1, "right": 2}') + "; open(sys.argv[2] + '/scores.txt', 'w').write('acc: 0\\n')"
    assert run(places, programs.codabench(text))["scores"]["public"] == {"Accuracy": 1.0, "Right": 2.0}


def test_one_run_may_give_keys_of_either_split(places: Places) -> None:
    evaluation, files = programs.codabench(dumping('{"a": 1, "b": 0.5, "c": 7}'), splits="keys")
    evaluation["columns"] = [{"name": "F", "direction": "higher", "key": {"public": "a", "private": "b"}}]
    found = run(places, (evaluation, files))
    assert found["scores"] == {"public": {"F": 1.0}, "private": {"F": 0.5}}
    assert found["notes"] == ["Left out, for no column declares them: c."]


def test_a_command_names_places_and_no_shell_sees_it(places: Places, tmp_path: Path) -> None:
    evaluation, files = programs.codabench(command="python3 other.py 'a b' $hidden $predictions $unknown;x")
    app = tmp_path / "app"
    wanted = ["a b", f"{app}/input/ref", f"{app}/input/res", "$unknown;x"]
    files["scoring_program/other.py"] = (
        f"import json, sys\nassert sys.argv[1:] == {wanted!r}, sys.argv\n"
        f"json.dump({{'acc': 1, 'right': 4}}, open('{app}/output/scores.json', 'w'))\n"
    )
    assert run(places, (evaluation, files))["scores"]["public"] == {"Accuracy": 1.0, "Right": 4.0}


def test_expected_files_are_asked_for_before_the_program_runs(places: Places) -> None:
    made = programs.codabench("raise SystemExit(9)", expects=["answer.json", "more/notes.txt"])
    found = run(places, made, answer="{}")
    assert found == {"rejection": {"code": "missing_file", "params": {"file": "more/notes.txt"}}}


def test_a_reference_for_either_split_must_be_there(places: Places) -> None:
    with pytest.raises(ReferenceTrouble, match="no folder public"):
        run(places, programs.codabench(splits="folders"))


def test_nothing_that_a_program_starts_outlives_it(places: Places, tmp_path: Path) -> None:
    text = (
        "import os, sys, time\n"
        "if not os.fork():\n    time.sleep(30)\n    os._exit(0)\n"
        + dumping('{"acc": 1, "right": 1}')
        + "\nopen(sys.argv[2] + '/group', 'w').write(str(os.getpgid(0)))\n"
    )
    run(places, programs.codabench(text))
    group = int((tmp_path / "app/output/group").read_text())
    until = time.monotonic() + 10
    # A killed child is there until the machine's first process has heard of it.
    while there(group) and time.monotonic() < until:
        time.sleep(0.05)
    assert not there(group)


def there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


FAULTS = {
    "silent": ("pass", "The program wrote neither scores.json nor scores.txt, but nothing."),
    "lacking": (dumping('{"acc": 1}'), "The program gave no public score 'right' for Right, but acc."),
    "nan": (dumping('{"acc": NaN, "right": 1}'), "score 'acc' is no finite number: nan (float)"),
    "infinite": (dumping('{"acc": 1, "right": 1e999}'), "score 'right' is no finite number: inf"),
    "huge": (dumping('{"acc": 1, "right": 1' + "0" * 400 + "}"), "score 'right' is no finite number: 1000"),
    "text": (dumping('{"acc": "0.5", "right": 1}'), "score 'acc' is no finite number: '0.5' (str)"),
    "truth": (dumping('{"acc": true, "right": 1}'), "score 'acc' is no finite number: True (bool)"),
    "null": (dumping('{"acc": null, "right": 1}'), "score 'acc' is no finite number: None"),
    "bounds": (dumping('{"acc": 1.01, "right": 1}'), "score 'acc' is 1.01, outside of [0.0, 1.0]"),
    "list": (dumping("[1]"), "scores.json is no mapping of keys to numbers"),
    "broken": (dumping('{"acc": '), "scores.json cannot be read"),
    "deep": (dumping("[" * 100_000), "scores.json cannot be read"),
    "large": (dumping(" " * 1_000_001), "scores.json is larger than 1000000 bytes"),
    "exit": ("print('so long'); raise SystemExit(3)", "The program ended with exit code 3."),
    "signal": ("import os; os.kill(os.getpid(), 9)", "The program ended by SIGKILL."),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_scoring_program_without_usable_scores_is_its_organizers_to_mend(places: Places, name: str) -> None:
    text, told = FAULTS[name]
    with pytest.raises(ProgramTrouble) as caught:
        run(places, programs.codabench(text), answer="{}")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("acc 1", "a line is not `key: number`: 'acc 1'"),
        ("acc: .nan\nright: 1", "no finite number: '.nan' (str)"),
    ],
)
def test_lines_that_are_no_scores_are_told(places: Places, lines: str, told: str) -> None:
    text = f"import sys; open(sys.argv[2] + '/scores.txt', 'w').write({lines!r})"
    with pytest.raises(ProgramTrouble) as caught:
        run(places, programs.codabench(text))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "nothing-of-this-name $input",
            "cannot be started: nothing-of-this-name: No such file or directory.",
        ),
        ("python3 'score.py", "The command cannot be taken apart: No closing quotation."),
    ],
)
def test_a_command_that_cannot_be_is_told(places: Places, command: str, told: str) -> None:
    with pytest.raises(ProgramTrouble) as caught:
        run(places, programs.codabench(command=command))
    assert told in str(caught.value)


def returning(value: str) -> str:
    return f"def evaluate(*args, **kwargs):\n    return {value}\n"


SCRIPTS = {
    "none": (returning("None"), 'evaluate() returned no list under "result".'),
    "error": (returning("{'error': []}"), 'evaluate() returned no list under "result".'),
    "rows": (returning("{'result': [1]}"), 'evaluate() returned no list under "result".'),
    "split": (
        returning("{'result': [{'dev_split': {'Top1': 1}}, {'other': {'Top1': 1}}]}"),
        "evaluate() returned a split that is none of the phase's: 'other'",
    ),
    "lacking": (returning("{'result': [{'dev_split': {'Top1': 1}}]}"), "nothing for the split 'test_split'"),
    "label": (
        returning("{'result': [{'dev_split': {'Top1': 1}}, {'test_split': {'Top5': 1}}]}"),
        "The program gave no private score 'Top1' for Top-1, but Top5.",
    ),
    "raises": ("def evaluate(*args, **kwargs):\n    exit('out')\n", "The program raised SystemExit: out"),
    "function": ("from os import path as evaluates", "The program raised ImportError"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_without_usable_results_is_its_organizers_to_mend(places: Places, name: str) -> None:
    text, told = SCRIPTS[name]
    with pytest.raises(ProgramTrouble) as caught:
        run(places, programs.evalai(text), answer="{}")
    assert told in str(caught.value)


def test_further_splits_are_left_out_where_the_task_says_so(places: Places) -> None:
    splits = "[{'dev_split': {'Top1': 1}}, {'more': {'Top1': 3}}, {'test_split': {'Top1': 0}}]"
    phase = {"codename": "dev", "public": "dev_split", "private": "test_split", "others": ["more"]}
    made = programs.evalai(returning(f"{{'result': {splits}}}"), phases={"first": phase})
    assert run(places, made, answer="{}")["scores"] == {"public": {"Top-1": 1.0}, "private": {"Top-1": 0.0}}


def test_a_script_may_be_one_file(places: Places) -> None:
    splits = "[{'dev_split': {'Top1': 1}}, {'test_split': {'Top1': 0.5}}]"
    evaluation, files = programs.evalai(returning(f"{{'result': {splits}}}"))
    del files["evaluation_script/__init__.py"]
    found = run(places, (evaluation, files), answer="{}")
    assert found["scores"] == {"public": {"Top-1": 1.0}, "private": {"Top-1": 0.5}}


class ParticipantVisibleError(Exception):
    pass


class Ours(ParticipantVisibleError):
    pass


def raising(error: BaseException) -> Any:
    raise error


@pytest.mark.parametrize("kind", [ParticipantVisibleError, Ours])
def test_what_participants_may_see_reaches_them_on_one_short_line(kind: type[Exception]) -> None:
    with pytest.raises(Rejected) as caught:
        modules.call(raising, kind("Values\nmust\x1b[31m be\u202e positive" + "." * 1000), visible=True)
    assert caught.value.code == "refused_by_program"
    detail = caught.value.params["detail"]
    assert detail.startswith("Values must [31m be positive....")
    assert len(detail) == 500
    assert detail.isprintable()


@pytest.mark.parametrize(
    ("error", "visible"),
    [(ParticipantVisibleError("42"), False), (ValueError("42"), True), (SystemExit("42"), True)],
)
def test_all_else_is_the_organizers_alone(error: BaseException, *, visible: bool) -> None:
    with pytest.raises(ProgramTrouble, match="42"):
        modules.call(raising, error, visible=visible)


def test_a_line_is_cut_where_it_is_too_long() -> None:
    assert one_line("a\tb\n" * 10, 7) == "a b a …"


def test_small_files_are_copied_and_large_ones_linked(tmp_path: Path) -> None:
    (tmp_path / "from/deep").mkdir(parents=True)
    (tmp_path / "from/deep/small").write_text("s")
    (tmp_path / "from/large").write_text("l" * 20)
    commands.mirror(tmp_path / "from", tmp_path / "to", 10)
    assert not (tmp_path / "to/deep/small").is_symlink()
    assert (tmp_path / "to/large").is_symlink()
    assert (tmp_path / "to/large").read_text() == "l" * 20
    assert not (tmp_path / "to/deep").is_symlink()
