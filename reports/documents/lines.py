"""A repair of WeasyPrint's line breaking, so that a line takes as many words as fit.

Pango lets a text that would end in this line be wider than the line, by about a blank. WeasyPrint (70.0,
`text.line_break.split_first_line`) takes whatever is too wide for a word that cannot be parted, and sets the first
word alone: one paragraph in a few hundred, and many where a document's number is kept whole at a line's end.
"""

from collections.abc import Callable
from typing import Any

#: What Pango allows is a blank, a quarter of the type's size.
ALLOWED = 0.5

Split = Callable[..., Any]


def full(split_first_line: Split) -> Split:
    """Wrap WeasyPrint's function: where a line holds one word only, it is called for a narrower line."""

    def split(
        text: str, style: Any, context: Any, max_width: float | None, *others: Any, **named: Any
    ) -> Any:
        line = split_first_line(text, style, context, max_width, *others, **named)
        _, length, resume_index, *_ = line
        if max_width is None or resume_index is None or " " in text.encode()[:length].decode():
            return line
        narrower = max_width - ALLOWED * style["font_size"]
        again = split_first_line(text, style, context, narrower, *others, **named)
        return again if again[1] > length else line

    return split
