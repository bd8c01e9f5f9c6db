"""Claim, pipeline, record, sweep: turns submissions into scores."""
