"""What the API says of figures: the details of public scores, as data."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

# JSON's own numbers and texts, as they were given: no text becomes a number here.
Number = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)]
Cell = Number | Annotated[str, Field(strict=True)] | None


class _Figure(BaseModel):
    name: Annotated[str, Field(description="Such as `confusion` or `roc`; programs have names of their own")]
    of: Annotated[str | None, Field(description="The score that it belongs to")] = None
    title: Annotated[str | dict[str, str] | None, Field(description="A program's; by language or in one")] = (
        None
    )


class MatrixOut(_Figure):
    """Rows are answers, columns predictions; with ``others`` the last of either are all further classes."""

    kind: Literal["matrix"]
    labels: list[str]
    counts: list[list[int]]
    others: bool


class LineOut(BaseModel):
    """Points in the order in which they are joined."""

    name: str
    points: list[tuple[Number, Number]]


class CurveOut(_Figure):
    """Lines over two axes, named unless the figure's name says what they are."""

    kind: Literal["curve"]
    x: str
    y: str
    lines: list[LineOut]
    diagonal: bool


class HistogramOut(_Figure):
    """Counts between each edge and the next."""

    kind: Literal["histogram"]
    x: str
    edges: list[Number]
    counts: list[int]


class TableOut(_Figure):
    """Rows of texts and numbers; those of ``examples`` begin with an id."""

    kind: Literal["table", "examples"]
    columns: list[str]
    rows: list[list[Cell]]


FigureOut = Annotated[MatrixOut | CurveOut | HistogramOut | TableOut, Field(discriminator="kind")]
