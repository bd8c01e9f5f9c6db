"""NumPy's .npy files, written without NumPy: the portal's environment has none."""

import struct
from pathlib import Path

MAGIC = b"\x93NUMPY\x01\x00"
ALIGNMENT = 64


def write_bytes_array(path: Path, shape: tuple[int, ...], values: bytes) -> None:
    """Save unsigned bytes in C order as an array of this shape (format version 1.0)."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape!r}, }}".encode("latin-1")
    used = len(MAGIC) + 2 + len(header) + 1
    header += b" " * (-used % ALIGNMENT) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(MAGIC + struct.pack("<H", len(header)) + header + values)
