"""One value of one figure, in its four states: a number, 0, "không phát sinh", not yet entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .field_names import FieldName

Content = int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one figure.

    `stated` is the value as its source printed it, kept beside or instead of the content; a value
    with `none_arisen` is answered and counts as 0.
    """

    content: Content = None
    none_arisen: bool = False
    stated: str = ""

    @property
    def answered(self) -> bool:
        return self.content not in (None, "") or self.none_arisen or bool(self.stated)

    @property
    def number(self) -> int | Decimal | None:
        """The value as sums see it; None when it is not a number yet."""
        if self.none_arisen:
            return 0
        return self.content if isinstance(self.content, (int, Decimal)) else None


MISSING = Value()


@dataclass(frozen=True)
class TableRow:
    """One child row: what it is about (`keys`, by column) and its figures (by catalogue code)."""

    uid: str
    keys: Mapping[str, Content]
    values: Mapping[str, Value] = field(default_factory=dict)

    def value(self, code: str) -> Value:
        return self.values.get(code, MISSING)

    def text(self, key: str) -> str:
        """A key as text, "" when it is not given."""
        return str(self.keys.get(key) or "")

    def day(self, key: str) -> date | None:
        """A key that is a calendar day; None when it is not known."""
        content = self.keys.get(key)
        return content if isinstance(content, date) else None

    def place(self, code: str) -> str:
        """The name of a figure's field in this row, as pages call it: `dossiers.received@<uid>`."""
        return str(FieldName.figure(code, self.uid))
