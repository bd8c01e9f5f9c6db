"""The two parts of a reference: what boards show while a phase runs, and what they show after it."""

SPLITS = ("public", "private")
