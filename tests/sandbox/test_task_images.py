"""Images of sponsors on the real engine: built without a network, loaded without names, run in bounds."""

import hashlib
import io
import json
import secrets
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import docker
import pytest

from sandbox import image_probe, images
from sandbox.job import Outcome, Verdict
from sandbox.task_images import Policy, TaskImage, TaskImageRefused, TaskImages

pytestmark = pytest.mark.engine

Files = dict[str, str | bytes]


@pytest.fixture
def made(engine: docker.DockerClient) -> Iterator[list[TaskImage]]:
    """The images of a test; they and what their builds left are gone at its end."""
    rows: list[TaskImage] = []
    yield rows
    for row in rows:
        if row.tag in tags(engine):
            engine.images.remove(row.tag)
        engine.images.prune({"dangling": True, "label": f"leitai.task={row.digest}"})
    left = {row.digest for row in rows} & {
        (image.labels or {}).get("leitai.task", "") for image in engine.images.list(all=True)
    }
    assert left == set()
    assert not [tag for tag in tags(engine) if tag.startswith("leitai-task:new-")]
    assert engine.api.containers(all=True, filters={"label": "leitai.filling=probe"}) == []


@pytest.fixture
def own(host: str, tmp_path: Path) -> Callable[..., TaskImages]:
    """The images as they are for operators who decided so."""
    return lambda **policy: TaskImages(host, Policy(**policy), tmp_path / "scratch")


@pytest.fixture
def task_images(own: Callable[..., TaskImages]) -> TaskImages:
    return own()


def tags(engine: docker.DockerClient) -> list[str]:
    return [tag for image in engine.images.list() for tag in image.tags]


def image(made: list[TaskImage], kind: str, content: bytes) -> TaskImage:
    found = TaskImage(hashlib.sha256(content).hexdigest(), kind, lambda: [content])
    made.append(found)
    return found


def context(dockerfile: str, files: Files | None = None) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in {"Dockerfile": dockerfile, **(files or {})}.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o555
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


TOOL = "#!/bin/sh\necho from the tool: $1\n"
LIKES_ITSELF = """FROM leitai-runtime AS one
RUN python3 -m venv --without-pip /opt/venv && echo built > /opt/made.txt
FROM leitai-runtime
COPY --from=one /opt /opt
COPY tool.sh /opt/tool
ENV PYTHONPATH=/opt/nowhere PATH=/opt/nowhere:/usr/local/bin:/usr/bin:/bin PYTHONHASHSEED=7
WORKDIR /opt
USER nobody
HEALTHCHECK --interval=1s CMD false
ENTRYPOINT ["false"]
CMD ["false"]
"""
CURIOUS = """
import os, pathlib, subprocess
print(pathlib.Path('/opt/made.txt').read_text().strip(), os.getuid() != 0, os.getcwd(), os.environ['PATH'])
print(os.environ.get('PYTHONPATH'), os.environ['PYTHONHASHSEED'])
print(subprocess.run(['/opt/tool', 'x'], capture_output=True, text=True).stdout.strip())
try:
    pathlib.Path('/opt/x').write_text('x')
except OSError as error:
    print(error.strerror)
"""


def test_a_dockerfile_is_built_and_programs_run_in_it_as_in_ours(
    made: list[TaskImage], task_images: TaskImages, run: Callable[..., Outcome]
) -> None:
    told: list[str] = []
    tag = task_images.ensure(image(made, "dockerfile", context(LIKES_ITSELF, {"tool.sh": TOOL})), told.append)
    assert any(row.startswith("Step ") for row in told)
    outcome = run(CURIOUS, image=tag)
    assert outcome.verdict == Verdict.OK, outcome
    assert outcome.stdout.decode().splitlines() == [
        "built True /job/program /usr/local/bin:/usr/bin:/bin",
        "None 0",
        "from the tool: x",
        "Read-only file system",
    ]


def test_a_program_in_another_language_runs_beside_or_instead_of_python(
    made: list[TaskImage], task_images: TaskImages, run: Callable[..., Outcome]
) -> None:
    tag = task_images.ensure(image(made, "dockerfile", context("FROM leitai-base\nRUN echo 42 > /answer\n")))
    program: Files = {"run": "#!/bin/sh\ncat /answer; echo $0 $1\n", "predict.py": "raise SystemExit(3)"}
    outcome = run(program, image=tag, executable="run")
    assert (outcome.verdict, outcome.stdout) == (Verdict.OK, b"42\n./run /data/input\n")


def test_a_build_reaches_no_network(made: list[TaskImage], task_images: TaskImages) -> None:
    fetch = "import socket; socket.create_connection(('1.1.1.1', 80), 5)"
    text = f'FROM leitai-base\nRUN ls /sys/class/net && python3 -c "{fetch}"\n'
    with pytest.raises(TaskImageRefused) as caught:
        task_images.ensure(image(made, "dockerfile", context(text)))
    assert "Network is unreachable" in str(caught.value)
    assert "\nlo\n" in str(caught.value)
    assert "eth0" not in str(caught.value)


def test_a_failed_build_is_not_tried_again_at_once(made: list[TaskImage], task_images: TaskImages) -> None:
    wanted = image(made, "dockerfile", context("FROM leitai-base\nRUN echo so sad; exit 3\n"))
    told: list[str] = []
    for _ in range(2):
        with pytest.raises(TaskImageRefused, match="so sad") as caught:
            task_images.ensure(wanted, told.append)
        assert 0 < caught.value.wait_s <= 60
    assert told.count("building the task's image without a network") == 1


def test_what_fails_again_and_again_is_tried_less_and_less(
    made: list[TaskImage], task_images: TaskImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = image(made, "archive", b"no archive at all")
    skipped = 0.0
    waits: list[float] = []
    real = time.monotonic
    monkeypatch.setattr("sandbox.task_images.time.monotonic", lambda: real() + skipped)
    for _ in range(6):
        with pytest.raises(TaskImageRefused) as caught:
            task_images.ensure(wanted)
        waits.append(caught.value.wait_s)
        skipped += caught.value.wait_s + 1
    assert waits == [60, 120, 240, 480, 900, 900]


REFUSED = [
    ("FROM ubuntu\n", "Dockerfile, line 1: ubuntu is not allowed as a base."),
    ("FROM leitai-base\nVOLUME /data\n", "Dockerfile, line 2: VOLUME is not allowed."),
    ("FROM leitai-base\nRUN rm /usr/bin/python3*\n", "python3 does not start in the task's image"),
    (
        "FROM leitai-base\nRUN cp /bin/false /usr/local/bin/python3\n",
        "The sandbox does not run in the task's image. Install Python 3.11 or newer",
    ),
]


@pytest.mark.parametrize(("dockerfile", "why"), REFUSED, ids=["base", "volume", "no python", "odd python"])
def test_an_image_in_which_no_submission_can_run_gets_no_name(
    engine: docker.DockerClient, made: list[TaskImage], task_images: TaskImages, dockerfile: str, why: str
) -> None:
    wanted = image(made, "dockerfile", context(dockerfile))
    with pytest.raises(TaskImageRefused) as caught:
        task_images.ensure(wanted)
    assert why in str(caught.value)
    assert wanted.tag not in tags(engine)


def test_a_python_that_hangs_is_told(
    made: list[TaskImage], task_images: TaskImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_probe, "PROBE_S", 1)
    hang = "printf '#!/bin/sh\\nsleep 60\\n' > /usr/local/bin/python3 && chmod 755 /usr/local/bin/python3"
    with pytest.raises(TaskImageRefused, match="python3 did not answer in the task's image"):
        task_images.ensure(image(made, "dockerfile", context(f"FROM leitai-base\nRUN {hang}\n")))


def test_a_build_that_takes_too_long_is_ended(
    engine: docker.DockerClient,
    made: list[TaskImage],
    task_images: TaskImages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sandbox.task_images.BUILD_S", 2.0)
    for command in ("sleep 55", "while true; do echo busy; sleep 0.3; done"):
        with pytest.raises(TaskImageRefused, match="it took more than"):
            task_images.ensure(image(made, "dockerfile", context(f"FROM leitai-base\nRUN {command}\n")))
    until = time.monotonic() + 10
    while time.monotonic() < until and building(engine):
        time.sleep(0.2)
    assert building(engine) == []


def building(engine: docker.DockerClient) -> list[str]:
    rows = engine.api.containers()
    return [row["Command"] for row in rows if "sleep 55" in row["Command"] or "busy" in row["Command"]]


def test_a_base_that_operators_allow_and_the_engine_lacks_is_not_fetched(
    own: Callable[..., TaskImages], made: list[TaskImage]
) -> None:
    images = own(allowed_bases=("leitai-nowhere:1",))
    with pytest.raises(TaskImageRefused, match="lacks the base leitai-nowhere:1, and builds fetch nothing"):
        images.ensure(image(made, "dockerfile", context("FROM leitai-nowhere:1\n")))


def test_an_image_that_is_too_large_gets_no_name(
    engine: docker.DockerClient, own: Callable[..., TaskImages], made: list[TaskImage]
) -> None:
    wanted = image(made, "dockerfile", context("FROM leitai-base\nRUN head -c 3000000 /dev/zero > /x\n"))
    with pytest.raises(TaskImageRefused, match="bytes, and 2,000,000 are allowed"):
        own(most_bytes=2_000_000).ensure(wanted)
    assert wanted.tag not in tags(engine)


def renamed(content: bytes, *names: str) -> bytes:
    """The same saved image, claiming these names."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(content)) as given, tarfile.open(fileobj=stream, mode="w") as target:
        for member in given:
            file = given.extractfile(member)
            data = file.read() if file else b""
            if member.name == "manifest.json":
                [entry] = json.loads(data)
                data = json.dumps([entry | {"RepoTags": list(names)}]).encode()
            if member.name == "repositories":
                layer = next(iter(json.loads(data).values()), {"x": "y"}).popitem()[1]
                tagged = (name.split(":") for name in names)
                data = json.dumps({name: {tag: layer} for name, tag in tagged}).encode()
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def test_a_saved_image_takes_no_name_of_ours_and_runs(
    engine: docker.DockerClient, made: list[TaskImage], task_images: TaskImages, run: Callable[..., Outcome]
) -> None:
    built = image(made, "dockerfile", context("FROM leitai-base\nRUN echo mine > /whose\n"))
    saved = b"".join(engine.images.get(task_images.ensure(built)).save(named=True))
    engine.images.remove(built.tag)
    ours = [images.image_tag(name) for name in images.NAMES]
    before = {name: engine.images.get(name).id for name in ours}
    wanted = image(made, "archive", renamed(saved, *ours, "leitai-extra:1"))
    tag = task_images.ensure(wanted)
    assert {name: engine.images.get(name).id for name in ours} == before
    assert "leitai-extra:1" not in tags(engine)
    assert engine.images.get(tag).tags == [tag]
    outcome = run("print(open('/whose').read())", image=tag)
    assert outcome.stdout.strip() == b"mine"
    assert task_images.ensure(wanted) == tag


def test_a_saved_copy_that_is_refused_leaves_the_image_that_it_is_a_copy_of(
    engine: docker.DockerClient, made: list[TaskImage], task_images: TaskImages
) -> None:
    name = f"leitai-test:{secrets.token_hex(8)}"
    text = "FROM leitai-base:bookworm-1\nLABEL leitai.lease=x\n"
    own, _ = engine.images.build(fileobj=io.BytesIO(text.encode()), tag=name, rm=True)
    try:
        wanted = image(made, "archive", b"".join(own.save()))
        with pytest.raises(TaskImageRefused, match="has the label leitai"):
            task_images.ensure(wanted)
        assert engine.images.get(name).id == own.id
        assert engine.images.get(own.id).tags == [name]
    finally:
        engine.images.remove(name)


@pytest.mark.parametrize("together", [True, False])
def test_two_workers_at_once_do_no_harm(
    engine: docker.DockerClient, host: str, tmp_path: Path, made: list[TaskImage], together: bool
) -> None:
    wanted = image(made, "dockerfile", context(f"FROM leitai-base\nRUN sleep 0.5 && echo {together}\n"))
    found: list[str] = []
    told: list[str] = []

    def ensure(scratch: Path) -> None:
        found.append(TaskImages(host, Policy(), scratch).ensure(wanted, told.append))

    threads = [Thread(target=ensure, args=[tmp_path / ("x" if together else f"{n}")]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted.tag, wanted.tag]
    assert engine.images.get(wanted.tag).tags == [wanted.tag]
    assert told.count("building the task's image without a network") == (1 if together else 2)


def test_images_that_no_task_names_are_removed(
    engine: docker.DockerClient, made: list[TaskImage], task_images: TaskImages
) -> None:
    kept, gone = (
        image(made, "dockerfile", context(f"FROM leitai-base\nLABEL number={number}\n")) for number in (1, 2)
    )
    for row in (kept, gone):
        task_images.ensure(row)
    others = {tag.partition(":")[2] for tag in tags(engine) if tag.startswith("leitai-task:")}
    in_use = {kept.digest, *others} - {gone.digest[:32]}
    assert task_images.clear(in_use) == [gone.tag]
    assert kept.tag in tags(engine)
    assert gone.tag not in tags(engine)
