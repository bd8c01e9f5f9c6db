"""Polars reads one file and nothing else: `python alone.py SUBMISSION` tells the seconds."""

import json
import sys
import time

import polars as pl

began = time.perf_counter()
pl.read_csv(sys.argv[1])
sys.stdout.write(json.dumps({"seconds": time.perf_counter() - began}))
