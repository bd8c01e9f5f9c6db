"""Whatever bundles came before, what is there is what the last one says."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from leitai import db
from leitai.competitions.applying import apply
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.changes import Change
from leitai.competitions.models import Competition, DataFile
from leitai.storage import artefacts
from tests.leitai.competitions import bundles

numbers = itertools.count(1)
START = datetime(2026, 5, 1, tzinfo=UTC)


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


titles = st.sampled_from(["A", "B"]).map(bundles.both)
contents = st.sampled_from(["1", "2", "3"])


@st.composite
def phases(draw: st.DrawFn) -> list[dict[str, Any]]:
    slugs = draw(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True))
    return [
        bundles.phase(
            slug,
            day(10 * place),
            day(10 * place + draw(st.integers(1, 10))),
            reference=f"hidden/{draw(contents)}.csv",
            daily_limit=draw(st.integers(1, 3)),
            title=draw(titles),
        )
        for place, slug in enumerate(slugs)
    ]


@st.composite
def tasks(draw: st.DrawFn, slug: str) -> dict[str, Any]:
    data = draw(st.lists(contents, unique=True))
    return bundles.task(
        slug,
        title=draw(titles),
        team_size_max=draw(st.integers(1, 3)),
        data=[{"file": f"data/{name}.csv", "description": draw(titles)} for name in data],
        phases=draw(phases()),
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Some of three tasks, each in one of two tracks."""
    slugs = draw(st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, unique=True))
    tracks: dict[str, list[dict[str, Any]]] = {}
    for slug in slugs:
        tracks.setdefault(draw(st.sampled_from(["left", "right"])), []).append(draw(tasks(slug)))
    return bundles.competition(
        starts=day(0),
        ends=day(100),
        tracks=[{"slug": slug, "title": draw(titles), "tasks": found} for slug, found in tracks.items()],
    )


def applied(folder: Path, document: dict[str, Any], slug: str, content: str) -> list[Change]:
    files = {f"data/{n}.csv": f"id,value\nx,{n}{content}\n" for n in "123"}
    files |= {f"hidden/{n}.csv": bundles.REFERENCE + f"c,public,{n}{content}\n" for n in "123"}
    bundle = load_bundle(bundles.write(folder, {**document, "slug": slug}, files), db.now())
    with db.transaction() as session:
        return apply(session, bundle, artefacts())


def state(slug: str) -> dict[str, Any]:
    """All that a competition is, without numbers and history."""
    with db.reading() as session:
        competition = session.scalars(select(Competition).where(Competition.slug == slug)).one()
        return {
            track.slug: (track.title, track.position, [plain_task(task) for task in track.tasks])
            for track in competition.tracks
        }


def plain_task(task: Any) -> dict[str, Any]:
    slugs = {phase.id: phase.slug for phase in task.phases} | {None: None}
    return {
        **plain(task, "id", "competition_id", "track_id"),
        "phases": [plain(phase, "id", "task_id") for phase in task.phases],
        "data": sorted(
            (file.role, str(slugs[file.phase_id]), file.name, file.digest, sorted(file.description.items()))
            for file in task.data
            if file.retired_at is None
        ),
    }


def plain(row: Any, *but: str) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in but}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(documents(), contents), min_size=1, max_size=4))
def test_history_leaves_no_trace_but_versions(
    database: object, tmp_path: Path, history: list[tuple[dict[str, Any], str]]
) -> None:
    n = next(numbers)
    for document, content in history:
        applied(tmp_path, document, f"old-{n}", content)
    last, content = history[-1]
    assert applied(tmp_path, last, f"old-{n}", content) == []
    assert {change.action for change in applied(tmp_path, last, f"new-{n}", content)} == {"created"}
    assert state(f"old-{n}") == state(f"new-{n}")
    versions = numbered_versions()
    assert len(versions) == len(set(versions))


def numbered_versions() -> list[tuple[Any, ...]]:
    with db.reading() as session:
        files = session.scalars(select(DataFile)).all()
        return [(file.task_id, file.phase_id, file.role, file.name, file.version) for file in files]
