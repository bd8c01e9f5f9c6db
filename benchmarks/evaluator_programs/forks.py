"""A warm scorer's interpreter: `python forks.py SPEC FOLDER` prepares the reference, and for each
`[PATH, OUT]` on stdin a fork scores a submission, as in a container that lasts. Told are the seconds from the
fork to its end.
"""

import gc
import json
import os
import sys
import time

from evaluators import prepared, score


def main(specification: str, folder: str) -> None:
    prepared.prepare(specification, folder)
    gc.freeze()  # as the interpreter does that waits
    os.write(1, b"{}\n")
    for line in sys.stdin:
        began = time.perf_counter()
        child = os.fork()
        if not child:
            code = 1
            try:
                code = score.main(specification, folder, *json.loads(line))
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        took = time.perf_counter() - began
        if status:
            sys.exit("the evaluator failed")
        os.write(1, json.dumps({"seconds": took}).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
