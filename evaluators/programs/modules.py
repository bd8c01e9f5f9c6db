"""An organizer's Python file as a module, and the call of its function."""

import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from evaluators.errors import Rejected
from evaluators.programs.results import ProgramTrouble, one_line

VISIBLE = "ParticipantVisibleError"


def load(folder: Path, name: str = "metric") -> ModuleType:
    """The file of this name in a folder, or the only Python file there.

    Raises:
        ProgramTrouble: there is none, or it cannot be imported.
    """
    path = folder / f"{name}.py"
    files = sorted(folder.glob("*.py"))
    if not path.is_file() and len(files) == 1:
        path = files[0]
    sys.path.insert(0, str(folder))
    found = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or found is None or found.loader is None:
        raise ProgramTrouble(f"The program has no {name}.py.")
    module = sys.modules[name] = importlib.util.module_from_spec(found)
    call(found.loader.exec_module, module)
    return module


def function(module: ModuleType, name: str) -> Callable[..., Any]:
    """A function of a program.

    Raises:
        ProgramTrouble: it has none of this name.
    """
    found = getattr(module, name, None)
    if not callable(found):
        raise ProgramTrouble(f"The program has no function {name}().")
    return found  # type: ignore[no-any-return]  # whatever a module holds


def call(wanted: Callable[..., Any], *given: Any, visible: bool = False, **named: Any) -> Any:
    """What a function of a program returns; its traceback goes to the log, which organizers see.

    Raises:
        Rejected: it raised what its contract lets participants see, and ``visible`` says that there is such.
        ProgramTrouble: it raised anything else.
    """
    try:
        return wanted(*given, **named)
    except (Exception, SystemExit) as error:  # noqa: BLE001 whatever somebody else's program raises
        words = one_line(str(error))
        if visible and any(kind.__name__ == VISIBLE for kind in type(error).__mro__):
            raise Rejected("refused_by_program", detail=words or VISIBLE) from None
        traceback.print_exc()
        raise ProgramTrouble(f"The program raised {type(error).__name__}: {words}") from None
