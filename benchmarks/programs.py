"""The programs that are measured, as teams hand them in: each time other bytes, so that none is known."""

import io
import secrets
import zipfile
from pathlib import Path

NOTHING, LEARNING, BOOSTING = "nothing", "learning", "boosting"
TITLES = {NOTHING: "nothing", LEARNING: "scikit-learn", BOOSTING: "pandas, lightgbm"}
HOME = Path(__file__).parent / "sandbox_programs"


def folder(name: str) -> Path:
    """Where a program lies."""
    return HOME / name


def file(name: str) -> tuple[str, bytes]:
    """A program's file name and bytes."""
    return f"{name}.zip", zipped(name)


def zipped(name: str) -> bytes:
    """A program as it is handed in."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("predict.py", (folder(name) / "predict.py").read_bytes())
        archive.writestr("version.txt", secrets.token_hex(8))
    return stream.getvalue()
