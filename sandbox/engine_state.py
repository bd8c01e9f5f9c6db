"""What an engine says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EngineState:
    """All but ``answers`` is empty when the engine does not answer; no other engine has its ``id``."""

    answers: bool
    id: str = ""
    version: str = ""
    cgroup: str = ""
    storage: str = ""
    runtimes: tuple[str, ...] = ()
    containers: int = 0
    detail: str = ""

    @classmethod
    def told(cls, info: Mapping[str, Any]) -> "EngineState":
        """From the engine's own words, of which an old one may lack some."""
        return cls(
            answers=True,
            id=info.get("ID", ""),
            version=info.get("ServerVersion", ""),
            cgroup=str(info.get("CgroupVersion", "")),
            storage=info.get("Driver", ""),
            runtimes=tuple(sorted(info.get("Runtimes", {}))),
            containers=info.get("ContainersRunning", 0),
        )
