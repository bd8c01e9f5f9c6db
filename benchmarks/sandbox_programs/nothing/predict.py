"""Does nothing but hand over the column that it was given."""

import sys

with open(f"{sys.argv[1]}/ids.csv") as given, open(f"{sys.argv[2]}/predictions.csv", "w") as out:  # noqa: PTH123 pathlib alone would take longer
    out.write(given.read())
