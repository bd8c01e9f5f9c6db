"""A sponsor's Dockerfile: what passes, what is refused, and what the engine is given to read."""

import pytest

from sandbox import dockerfiles
from sandbox.errors import ImageError

BASE = "FROM leitai-runtime\n"


def told(text: str, *allowed: str) -> list[str]:
    return [str(fault) for fault in dockerfiles.faults(text.encode(), allowed)]


def given(text: str) -> list[str]:
    """What the engine reads."""
    return dockerfiles.rewritten(text.encode(), lambda name: f"{name}:now").decode().splitlines()


GOOD = [
    BASE,
    "\ufeff# why\n\nARG V=1\nfrom leitai-base as Builder\nFROM builder\nCOPY --from=builder /a /b\n",
    BASE + 'COPY --chown=1:2 a b\nCOPY ["a b", "c"]\nADD model.tar /opt/\n',
    BASE + "RUN cat <<< 'here' && echo $((1 << 2))\nENV A=1\nUSER nobody\nENTRYPOINT [\"x\"]\nWORKDIR /x\n",
    "FROM leitai-base AS one\nFROM leitai-base\nCOPY --from=0 /a /b\nCOPY --from=leitai-runtime /c /d\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_needs_no_network_passes(text: str) -> None:
    assert told(text) == []


FAULTY = [
    ("", "line 1: has no FROM. Begin with FROM leitai-runtime."),
    ("RUN x\n" + BASE, "line 1: RUN stands before FROM."),
    ("FROM ubuntu", "line 1: ubuntu is not allowed as a base. Allowed are leitai-base, leitai-runtime;"),
    ("FROM scratch", "line 1: scratch is not allowed as a base."),
    ("FROM leitai-scorer", "line 1: leitai-scorer is not allowed as a base."),
    ("FROM leitai-task:abc", "line 1: leitai-task:abc is not allowed as a base."),
    ("FROM leitai-runtime:latest", "line 1: leitai-runtime:latest is not allowed"),
    ("FROM leitai-runtime AS a\nFROM ubuntu AS b\nFROM a", "line 2: ubuntu is not allowed"),
    ("ARG BASE=leitai-base\nFROM $BASE", "line 2: FROM $BASE is not understood."),
    ("ARG BASE=leitai-base\nFROM ${BASE} AS x", "line 2: FROM ${BASE} AS x is not understood."),
    ("FROM --platform=linux/arm64 leitai-base", "line 1: FROM --platform=linux/arm64"),
    ("FROM leitai-base leitai-runtime", "line 1: FROM leitai-base leitai-runtime is not understood."),
    ("FROM \\\n ubuntu", "line 1: ubuntu is not allowed"),
    ("FROM\u00a0ubuntu", "line 1: cannot be read as an instruction."),
    ("FROM leitai-base\x0bAS x", "line 1: cannot be read as an instruction."),
    (BASE + "COPY --from=ubuntu /a /b", "line 2: ubuntu is not allowed"),
    (BASE + "COPY --from=$X /a /b", "line 2: COPY --from=$X is not understood here."),
    (BASE + "COPY --from=0 /a /b", "line 2: 0 is not allowed"),
    ("FROM leitai-base AS ubuntu\nCOPY --from=ubuntu /a /b", "line 2: ubuntu is not allowed"),
    (BASE + "COPY --link a b", "line 2: COPY --link is not understood here."),
    (BASE + 'COPY --from="ubuntu" a b', 'line 2: COPY --from="ubuntu" is not understood here.'),
    (BASE + "ADD https://a.example/b /b", "line 2: ADD could fetch from elsewhere. Put the file beside"),
    (BASE + 'ADD ["https\\u003a//a.example/b", "/b"]', "line 2: ADD could fetch from elsewhere."),
    (BASE + "ARG U\nADD $U /b", "line 3: ADD could fetch from elsewhere."),
    (BASE + "add git@github.com:a/b.git /b", "line 2: ADD could fetch from elsewhere."),
    (BASE + "ONBUILD ADD https://a.example/b /b", "line 2: ONBUILD is not allowed."),
    (BASE + "VOLUME /data", "line 2: VOLUME is not allowed. Remove it: programs write to /job and /tmp."),
    (
        BASE + "RUN --mount=type=cache,target=/x true",
        "line 2: RUN --mount=type=cache,target=/x needs BuildKit.",
    ),
    (BASE + "RUN \\\n --network=host \\\n true", "line 2: RUN --network=host needs BuildKit."),
    (BASE + "RUN cat <<EOF\nFROM ubuntu\nEOF\n", "line 2: holds a here-document, which needs BuildKit."),
    (BASE + "COPY <<-'X' /a\nX\n", "line 2: holds a here-document"),
    (BASE + "LABEL a=b leitai.lease=x", "line 2: labels beginning with leitai. are ours."),
    (BASE + "INCLUDE other", "line 2: INCLUDE is no instruction that is known here."),
    (
        "# syntax=docker/dockerfile:1\n" + BASE,
        "line 1: '# syntax=docker/dockerfile:1' is for another builder.",
    ),
    ("#Escape = `\n" + BASE, "line 1: '#Escape = `' is for another builder."),
    (BASE + "RUN a\\\\\nFROM ubuntu", "line 2: ends with two backslashes."),
    (BASE + "RUN a\\", "line 2: goes on where the file ends."),
    (BASE + "RUN " + "a" * 70_000, "line 2: cannot be read as an instruction."),
]


@pytest.mark.parametrize(("text", "fault"), FAULTY, ids=range(len(FAULTY)))
def test_what_would_reach_further_is_told_with_its_line(text: str, fault: str) -> None:
    assert any(fault in row for row in told(text)), told(text)


def test_bytes_that_are_no_text_and_files_that_are_too_large_are_told() -> None:
    assert [str(fault) for fault in dockerfiles.faults(b"FROM \xff", [])] == [
        "Dockerfile, line 1: is not UTF-8. Save it as UTF-8."
    ]
    assert "is larger than 1 MB." in told("#" * 1_000_001)[0]


def test_operators_allow_bases_by_their_whole_names() -> None:
    assert told("FROM python:3.12-slim", "python:3.12-slim") == []
    assert "is not allowed" in told("FROM python:3.12", "python:3.12-slim")[0]


def test_the_engine_reads_one_instruction_a_line_with_bases_as_they_are_now() -> None:
    text = "FROM leitai-runtime AS A\nRUN one \\\n  # why\n\n  two\nFROM a\nCOPY --from=A  x   y\n# end\n"
    assert given(text) == ["FROM leitai-runtime:now AS a", "RUN one   two", "FROM a", "COPY --from=a x   y"]
    assert (
        given("FROM leitai-base\nCOPY --from=leitai-runtime a b")[1] == "COPY --from=leitai-runtime:now a b"
    )


def test_every_stage_is_labelled_and_its_bases_are_known() -> None:
    text = b"FROM leitai-base AS a\nFROM leitai-runtime\nCOPY --from=a x y\n"
    made = dockerfiles.rewritten(text, str, {"leitai.task": "d"}).decode().splitlines()
    assert made[1] == made[3] == "LABEL leitai.task=d"
    assert dockerfiles.bases(text) == {"leitai-base", "leitai-runtime"}


def test_a_faulty_one_is_never_given_to_the_engine() -> None:
    with pytest.raises(ImageError, match="line 2: VOLUME is not allowed"):
        given(BASE + "VOLUME /x")
