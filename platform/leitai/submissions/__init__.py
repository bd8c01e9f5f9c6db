"""Intake and quota; Submission, Run, Score."""
