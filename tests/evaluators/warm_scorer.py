"""A warm scorer in small, in an interpreter of its own: it prepares, then forks for each submission.

Told on stdin: paths of specification and reference, lists of submissions that run at once, and statements for
trials. Tells on stdout what it saw of itself and how the children ended.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

SECONDS = 30


def main() -> None:
    told = json.load(sys.stdin)
    exec(told["before"])
    from evaluators import prepared

    prepared.prepare(told["prepared"], told["folder"])
    tells = {"threads": threads(), "loaded": sorted(sys.modules), "ends": []}
    exec(told["between"])
    for group in told["runs"]:
        children = [start([told["spec"], told["folder"], *paths]) for paths in group]
        tells["ends"] += [os.waitpid(child, 0)[1] for child in children]
    tells["threads"] += threads()
    sys.stdout.write(json.dumps(tells))


def start(words: list[str]) -> int:
    child = os.fork()
    return child or run(words)


def run(words: list[str]) -> NoReturn:
    signal.alarm(SECONDS)  # what hangs is ended, and the test fails
    before, code = set(sys.modules), 1
    try:
        from evaluators import score

        code = score.main(*words)
    finally:
        seen = {"imported": sorted(set(sys.modules) - before), "threads": len(threads())}
        Path(f"{words[-1]}.seen").write_text(json.dumps(seen))
        sys.stderr.flush()
        os._exit(code)


def threads() -> list[str]:
    return [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]


if __name__ == "__main__":
    main()
