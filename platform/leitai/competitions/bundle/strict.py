"""Unknown keys of a bundle are errors, and a value keeps the type that it has in the file."""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)
