"""A reference that is read once, by a process that forks for each submission.

The threads of polars do not live through a fork, and a child would wait for them for ever. So this process
never does what starts them: a child of its own reads the reference and hands it over.
"""

import contextlib
import importlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from evaluators import threads
from evaluators.errors import ReferenceTrouble, SpecError
from evaluators.spec.task import Spec, parse

if TYPE_CHECKING:  # heavy
    from evaluators.reference import Reference
    from evaluators.several import References

_Key = tuple[str, str]
_kept: "dict[_Key, tuple[Spec, Reference | References] | SpecError | ReferenceTrouble]" = {}


def prepare(specification: str, folder: str) -> None:
    """Read the reference and import what scoring needs, for every fork of this process.

    Trouble is told at the run, as if nothing had been prepared.
    """
    threads.bound()
    import numpy.ma  # noqa: F401 polars imports it with the first array, which takes a run 20 ms

    import evaluators.score
    import evaluators.scoring
    import evaluators.several  # noqa: F401 what a run begins with, as above

    with contextlib.suppress(OSError), tempfile.TemporaryDirectory() as place:
        _rehearse(Path(place))
    _keep(Path(specification), Path(folder))


def _keep(specification: Path, folder: Path) -> None:
    from evaluators.measuring import ready

    key = _key(specification, folder)
    try:
        spec = _spec(specification)
        for measure in spec.measures:
            ready(measure)
        if any(each.figures for each in (spec, *spec.files.values())):
            importlib.import_module("evaluators.figures.making")
        reference = _of_child(lambda: _worked_out(spec, folder))
    except (SpecError, ReferenceTrouble) as error:
        _kept[key] = error
    except (OSError, ValueError, EOFError, pickle.UnpicklingError):
        return  # the run meets the same trouble, and tells it
    else:
        _kept[key] = spec, reference


def _rehearse(place: Path) -> None:
    """Score three rows in this very process: what it has done once takes each of its forks less time.

    So few rows start no thread of polars.
    """
    from evaluators import score

    spec, folder, predictions = place / "spec.json", place / "reference", place / "predictions.csv"
    folder.mkdir()
    spec.write_text('{"id": "id", "split": "split", "metrics": [{"metric": "rmse", "target": "y"}]}')
    (folder / "answers.csv").write_text("id,split,y\n1,public,1\n2,private,2\n3,private,3\n")
    predictions.write_text("id,y\n1,1\n2,3\n3,2\n")
    _keep(spec, folder)
    if _key(spec, folder) in _kept:
        score.run(spec, folder, predictions, place / "scores.json")
        del _kept[_key(spec, folder)]


def reference(specification: str | Path, folder: str | Path) -> "tuple[Spec, Reference | References]":
    """The specification and its reference: as prepared for just these two paths, else read now.

    Raises:
        SpecError, ReferenceTrouble, OSError: ours to mend.
    """
    kept = _kept.get(_key(specification, folder))
    if isinstance(kept, Exception):
        raise kept
    if kept is not None:
        return kept
    from evaluators.several import read_references

    spec = _spec(Path(specification))
    return spec, read_references(spec, Path(folder))


def _key(specification: str | Path, folder: str | Path) -> _Key:
    return str(Path(specification).absolute()), str(Path(folder).absolute())


def _spec(path: Path) -> Spec:
    return parse(json.loads(path.read_text(encoding="utf-8")))


def _worked_out(spec: Spec, folder: Path) -> "Reference | References":
    from evaluators.several import read_references

    found = read_references(spec, folder)
    found.work_out()
    return found


def _of_child(work: "Callable[[], Reference | References]") -> "Reference | References":
    """What ``work`` gives in a fork of this process.

    Raises:
        ReferenceTrouble: as ``work`` raised it.
        EOFError, pickle.UnpicklingError: the child ended without handing over a whole result.
    """
    incoming, outgoing = os.pipe()
    child = os.fork()
    if not child:
        _hand_over(work, outgoing)
    os.close(outgoing)
    try:
        with os.fdopen(incoming, "rb") as pipe:
            # Unpickling can run code, so nothing else is ever unpickled: this was pickled by our own code in
            # our own child, out of the organizer's reference. Arrays pass the pipe as they lie in memory.
            found = pickle.load(pipe)  # noqa: S301 see above
    finally:
        os.waitpid(child, 0)
    if isinstance(found, ReferenceTrouble):
        raise found
    return found  # type: ignore[no-any-return]  # pickles have no types


def _hand_over(work: Callable[[], Any], outgoing: int) -> NoReturn:
    """End this process, whatever happens: only its parent may go on with what was begun before the fork."""
    try:
        with os.fdopen(outgoing, "wb") as pipe:
            try:
                result = work()
            except ReferenceTrouble as error:
                result = error
            pickle.dump(result, pipe, protocol=5)
    finally:
        os._exit(0)
