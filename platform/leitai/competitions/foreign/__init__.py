"""Competitions of other platforms made into bundles, and bundles made into theirs."""
