"""Figures: what an evaluator has to show beside its scores, made of the public split alone."""
