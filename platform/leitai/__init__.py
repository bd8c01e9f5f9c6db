"""Leitai: algorithm competitions with hidden data."""

from importlib.metadata import version

__version__ = version("leitai")
