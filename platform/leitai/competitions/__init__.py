"""Competition, track, task, phase, data, bundles, entries."""
