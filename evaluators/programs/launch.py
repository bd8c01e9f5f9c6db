"""Started as a file by its path, and never as a module: the working directory holds what a team handed in.

    launch.py score SPEC.json REFERENCE PROGRAM HANDED_IN OUT.json
    launch.py ingest COMMAND INPUT PROGRAM HANDED_IN OUTPUT

From that folder nothing may be imported, in the scoring container least of all.
"""

import sys

# The folder of this file would give our modules the names of others.
sys.path[0] = sys.path[0].removesuffix("/evaluators/programs")

from evaluators.programs.running import main  # noqa: E402 found by the path above

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
