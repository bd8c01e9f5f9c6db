"""Leitai: algorithm competitions with hidden data."""
