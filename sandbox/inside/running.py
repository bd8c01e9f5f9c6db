"""How a waiting interpreter turns into the program, as `python3 FILE …` or `python3 -m MODULE …` would."""

import atexit
import builtins
import gc
import importlib
import importlib.machinery
import os
import sys
import time
import types
from collections.abc import Callable


def run(command: list[str], early: set[str]) -> int:
    """Run a command in this very process, or put another program in its place. Returns its exit code.

    ``early`` are the modules that any interpreter has; a file of the program that is named like one imported
    since would not be found, so such a program gets a new interpreter. In place of a program a
    ``module:function`` of our own may be named, which takes the other words and gives the exit code: where it
    was imported beforehand, there is nothing to look for.
    """
    if ":" in command[0]:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 plain strings, as the interpreter has them
        return _code_of(lambda: _call(command))
    if command[0] != "python3" or _hidden(early):
        return _replace(command)
    if command[1] == "-m":
        import runpy  # noqa: PLC0415 most programs are files

        sys.path.insert(0, os.getcwd())  # noqa: PTH109 as above
        sys.argv = command[2:]
        return _code_of(lambda: runpy.run_module(command[2], run_name="__main__", alter_sys=True))
    return _run_file(command[1:])


def called(name: str, *arguments: str) -> object:
    """What a ``module:function`` gives for these texts; a module alone is imported."""
    module, _, function = name.partition(":")
    found = importlib.import_module(module)
    return getattr(found, function)(*arguments) if function else None


def _call(command: list[str]) -> None:
    raise SystemExit(called(*command))


def _hidden(early: set[str]) -> bool:
    loaded = {name.partition(".")[0] for name in sys.modules} - early
    return any(name.partition(".")[0] in loaded for name in os.listdir())  # noqa: PTH208 plain names


def _replace(command: list[str]) -> int:
    try:
        os.execvp(command[0], command)  # noqa: S606 the program itself; no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127


def _run_file(argv: list[str]) -> int:
    place = os.path.abspath(argv[0])  # noqa: PTH100 plain strings, as the interpreter has them
    sys.argv = argv
    sys.path.insert(0, os.path.dirname(place))  # noqa: PTH120 as above
    try:
        with open(place, "rb") as file:  # noqa: PTH123 as above
            text = file.read()
    except OSError as error:
        sys.stderr.write(f"python3: can't open file {place!r}: [Errno {error.errno}] {error.strerror}\n")
        return 2
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    loader = importlib.machinery.SourceFileLoader("__main__", place)
    vars(main).update(__file__=place, __builtins__=builtins, __cached__=None, __loader__=loader)
    return _code_of(lambda: exec(compile(text, place, "exec", dont_inherit=True), vars(main)))  # noqa: S102 meant


def _code_of(program: Callable[[], object]) -> int:
    try:
        program()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 0xFF
        sys.stderr.write(f"{end.code}\n")
        return 1
    except BaseException as error:  # noqa: BLE001 as the interpreter does
        # Our own frames are none of the program's.
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename in OURS:
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 1
    return 0


OURS = {__file__, "<frozen runpy>"}


def _lies_in(module: object, place: str) -> bool:
    """Whether a module is the program's own: a library taken apart would complain on the team's stderr."""
    file = getattr(module, "__file__", None)
    return isinstance(module, types.ModuleType) and isinstance(file, str) and file.startswith(f"{place}/")


def farewell(before: dict[str, types.ModuleType]) -> None:
    """Do what an interpreter does at its end, but leave alone what was imported before the program began.

    What the program holds is let go, for an open file writes its last bytes when it is closed.
    """
    # What the interpreter itself calls, as below; the module may be one of the program's own.
    getattr(sys.modules.get("threading"), "_shutdown", int)()
    atexit._run_exitfuncs()
    place = os.path.dirname(getattr(sys.modules.get("__main__"), "__file__", None) or "/nowhere/")  # noqa: PTH120 as above
    for name, module in list(sys.modules.items()):
        if module is not before.get(name) and (name == "__main__" or _lies_in(module, place)):
            vars(module).clear()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def finish(control: int, code: int) -> None:
    """Tell the exit code and wait to be stopped: it takes the kernel long to take apart so much memory."""
    try:
        os.write(control, str(code).encode())
    except OSError:
        os._exit(code)
    while True:
        time.sleep(3600)
