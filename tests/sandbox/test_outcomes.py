"""What every backend has to answer: a verdict for each way in which a program can end."""

import io
import secrets
import tarfile
from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from sandbox.docker_engine import DockerSandbox
from sandbox.job import Job, Outcome, SandboxUnavailable, Verdict, Volume

pytestmark = pytest.mark.engine
Run = Callable[..., Outcome]


@pytest.fixture(params=["cold", "warm"])
def path(request: pytest.FixtureRequest) -> str:
    """Everything here holds for a fresh container and for one that waited."""
    return str(request.param)


def test_what_a_program_writes_comes_out(run: Run, tmp_path: Path) -> None:
    outcome = run(
        "import os, sys\n"
        "os.makedirs(sys.argv[2] + '/deep/er')\n"
        "open(sys.argv[2] + '/预测.csv', 'w').write('id,x\\n1,2\\n')\n"
        "open(sys.argv[2] + '/deep/er/b.bin', 'wb').write(bytes(range(256)) * 4000)\n"
        "print('said'); print('complained', file=sys.stderr)\n"
    )
    assert outcome.verdict == Verdict.OK
    assert outcome.exit_code == 0
    assert outcome.files == ("deep/er/b.bin", "预测.csv")
    assert (tmp_path / "output/预测.csv").read_text() == "id,x\n1,2\n"
    assert (tmp_path / "output/deep/er/b.bin").read_bytes() == bytes(range(256)) * 4000
    assert outcome.output_bytes == 1_024_009
    assert (outcome.stdout, outcome.stderr) == (b"said\n", b"complained\n")
    assert 0 < outcome.wall_s < 20
    assert 0 < outcome.cpu_s < 20
    assert 1_000_000 < outcome.peak_memory_bytes < 256_000_000


def test_much_output_comes_out(run: Run, tmp_path: Path) -> None:
    """More than any buffer on its way holds: whoever listens must listen to the end, and nobody else."""
    outcome = run("for n in range(800): open(f'/job/output/{n}', 'wb').write(bytes([n % 251]) * 50_000)")
    assert (outcome.verdict, len(outcome.files), outcome.output_bytes) == (Verdict.OK, 800, 40_000_000)
    assert (tmp_path / "output/799").read_bytes() == bytes([799 % 251]) * 50_000


def test_a_program_may_leave_nothing(run: Run) -> None:
    assert run("").verdict == Verdict.OK


def test_an_exit_code_is_told_and_no_output_is_taken(run: Run, tmp_path: Path) -> None:
    outcome = run("open('/job/output/a', 'w').write('x'); raise SystemExit(3)")
    assert (outcome.verdict, outcome.exit_code, outcome.signal) == (Verdict.RUNTIME_ERROR, 3, None)
    assert outcome.files == ()
    assert list((tmp_path / "output").iterdir()) == []


def test_an_exception_is_an_error_with_its_last_words(run: Run) -> None:
    outcome = run("print('x' * 300_000)\nraise ValueError('the reason')", limits={"log_bytes": 4000})
    assert (outcome.verdict, outcome.exit_code) == (Verdict.RUNTIME_ERROR, 1)
    assert outcome.stderr.endswith(b"ValueError: the reason\n")
    assert len(outcome.stdout) == 4000


def test_a_signal_is_told(run: Run) -> None:
    outcome = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert (outcome.verdict, outcome.exit_code, outcome.signal) == (Verdict.RUNTIME_ERROR, None, 11)
    assert "SIGSEGV" in outcome.detail


def test_a_missing_program_is_the_teams_error(run: Run) -> None:
    outcome = run({"main.py": "print(1)"})
    assert (outcome.verdict, outcome.exit_code) == (Verdict.RUNTIME_ERROR, 2)
    assert b"predict.py" in outcome.stderr


def test_sleeping_past_the_wall_limit(run: Run) -> None:
    outcome = run("import time; time.sleep(60)", limits={"wall_s": 1.0})
    assert outcome.verdict == Verdict.TIME_LIMIT
    assert "1 s of wall time" in outcome.detail
    assert 1.0 <= outcome.wall_s < 6


def test_computing_past_the_cpu_limit(run: Run) -> None:
    outcome = run("while True: pass", limits={"cpu_s": 1.0})
    assert outcome.verdict == Verdict.TIME_LIMIT
    assert "1 s of cpu time" in outcome.detail
    assert 1.0 <= outcome.cpu_s < 2.5


def test_memory_past_the_limit(run: Run) -> None:
    outcome = run("x = bytearray(1_000_000_000)\nfor n in range(0, len(x), 4096): x[n] = 1")
    assert outcome.verdict == Verdict.MEMORY_LIMIT
    assert "256000000 bytes" in outcome.detail


def test_a_program_within_its_limits_may_use_them(run: Run) -> None:
    outcome = run("x = bytearray(150_000_000)\nfor n in range(0, len(x), 4096): x[n] = 1")
    assert outcome.verdict == Verdict.OK
    assert 150_000_000 < outcome.peak_memory_bytes < 230_000_000


def test_too_many_output_bytes(run: Run, tmp_path: Path) -> None:
    outcome = run("open('/job/output/a', 'wb').write(bytes(2_000_000))", limits={"output_bytes": 1_000_000})
    assert outcome.verdict == Verdict.OUTPUT_LIMIT
    assert list((tmp_path / "output").iterdir()) == []


def test_too_many_output_files(run: Run) -> None:
    program = "for n in range(30): open(f'/job/output/{n}', 'w').close()"
    assert run(program, limits={"output_files": 20}).verdict == Verdict.OUTPUT_LIMIT
    assert len(run(program, limits={"output_files": 30}).files) == 30


@pytest.mark.parametrize(
    "program",
    [
        "os.symlink('/etc/passwd', '/job/output/a')",
        "os.mkfifo('/job/output/a')",
        "open('/job/b', 'w').close(); os.link('/job/b', '/job/output/a')",
        "import socket; socket.socket(socket.AF_UNIX).bind('/job/output/a')",
        "os.symlink('/etc', '/job/output/folder')",
        "open(b'/job/output/\\xff', 'w').close()",
        "open('/job/output/a\\nb', 'w').close()",
        "open('/job/output/a', 'w').close(); os.chmod('/job/output/a', 0)",
        "os.makedirs('/job/output' + '/d' * 60)",
    ],
    ids=[
        "symlink",
        "fifo",
        "hard link",
        "socket",
        "linked folder",
        "no text",
        "newline",
        "unreadable",
        "deep",
    ],
)
def test_what_is_no_plain_file_in_the_output_is_refused(run: Run, tmp_path: Path, program: str) -> None:
    outcome = run(f"import os\n{program}")
    assert outcome.verdict == Verdict.INVALID_OUTPUT
    assert outcome.detail
    assert list((tmp_path / "output").iterdir()) == []


def test_data_is_mounted_read_only_and_filled_once(
    sandbox: DockerSandbox,
    carry_out: Callable[[Job], Outcome],
    engine: docker.DockerClient,
    job: Callable[..., Job],
) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("inner/rows.csv")
        member.size, member.mode = 5, 0o444
        archive.addfile(member, io.BytesIO(b"a,b\n1"))
    asked: list[int] = []

    def read() -> list[bytes]:
        asked.append(1)
        return [stream.getvalue()]

    volume = Volume(secrets.token_hex(32), "/data/input", read)
    program = (
        "import sys\nprint(open(sys.argv[1] + '/inner/rows.csv').read())\n"
        "try: open(sys.argv[1] + '/mine', 'w')\nexcept OSError as error: print(error.errno)"
    )
    for _ in range(2):
        outcome = carry_out(job(program, volumes=(volume,)))
        assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"a,b\n1\n30\n")
    assert asked == [1]
    sandbox.settle()
    for kept in engine.volumes.list():
        if volume.digest in kept.name:
            kept.remove()


def test_small_inputs_are_laid_beside_the_program(run: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text('{"a": 1}')
    outcome = run("print(open('/job/input/spec.json').read())", inputs={"spec.json": tmp_path / "spec.json"})
    assert outcome.stdout == b'{"a": 1}\n'


def test_the_programs_folder_is_its_working_directory_and_its_packages_are_found(run: Run) -> None:
    outcome = run({"predict.py": "import model.net; print(open('notes.txt').read(), model.net.VALUE)",
                   "model/__init__.py": "", "model/net.py": "VALUE = 7", "notes.txt": "noted"})  # fmt: skip
    assert outcome.stdout == b"noted 7\n"


def test_the_libraries_that_are_promised_are_there(run: Run) -> None:
    names = "numpy, scipy, pandas, polars, sklearn, lightgbm, pyarrow, joblib, jieba, PIL"
    outcome = run(
        f"import {names}\nprint('all')", limits={"wall_s": 120.0, "cpu_s": 60.0, "memory_bytes": 900_000_000}
    )
    assert (outcome.stdout, outcome.verdict) == (b"all\n", Verdict.OK), outcome.stderr


def test_an_image_that_is_not_there_is_our_trouble_with_a_remedy(run: Run) -> None:
    with pytest.raises(SandboxUnavailable, match="leitai images build"):
        run("", image="leitai-runtime:never")


def test_an_engine_that_does_not_answer_is_our_trouble(job: Callable[..., Job], tmp_path: Path) -> None:
    gone = DockerSandbox(f"unix://{tmp_path}/none.sock")
    with pytest.raises(SandboxUnavailable):
        gone.run(job(""))
    assert gone.state().answers is False
    with pytest.raises(SandboxUnavailable):
        _ = gone.engine_id


def test_an_engine_tells_of_itself(sandbox: DockerSandbox) -> None:
    state = sandbox.state()
    assert state.answers
    assert state.id == sandbox.engine_id != ""
    assert state.version
    assert state.cgroup in {"1", "2"}
