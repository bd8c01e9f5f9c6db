"""Addresses that a browser may be sent to."""

import re

# One slash, then neither slash nor backslash: browsers read both as the start of another host.
LOCAL = re.compile(r"^/(?![/\\])[^\x00-\x20\x7f\\]*\Z")


def local_path(wanted: str, otherwise: str = "/") -> str:
    """The path if it stays on this site, else another one."""
    return wanted if LOCAL.match(wanted) else otherwise
