"""Lists a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of ``total`` items; numbers count from 1."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first item on this page, counted from 1."""
        return (self.number - 1) * self.size + 1


def page_number(text: str | None) -> int:
    """The number in a query string; whatever is none counts as the first page."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def paginate(session: Session, statement: Select[Any], number: int = 1, size: int = SIZE) -> Page[Any]:
    """One page of the first column or entity of a statement."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    items = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items, number, size, total)
