"""Gradient boosting with lightgbm on tables of pandas."""

import sys
from pathlib import Path

import lightgbm as lgb  # type: ignore[import-not-found]  # the bare machine's Python has it, ours has not
import pandas as pd


def main(source: Path, target: Path) -> None:
    """Learn from the known rows, then predict the others."""
    known, asked = (pd.read_csv(source / name, index_col="id") for name in ("known.csv", "asked.csv"))
    model = lgb.LGBMRegressor(n_estimators=30, num_leaves=15, verbose=-1)
    model.fit(known.drop(columns="value"), known["value"])
    found = pd.DataFrame({"id": asked.index, "value": model.predict(asked)})
    found.to_csv(target / "predictions.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
