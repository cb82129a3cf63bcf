"""A period handed out whole: table, workbook, archive of papers, made in the background."""

from typing import TYPE_CHECKING

from .orders import EXPORTS, PARTS, TooMany, ask, drop, expire, exports_of

if TYPE_CHECKING:
    from .orders import CountedExport as CountedExport

__all__ = ["EXPORTS", "PARTS", "TooMany", "ask", "drop", "expire", "exports_of"]
