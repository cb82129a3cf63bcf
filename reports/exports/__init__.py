"""A period handed out whole: table, workbook, archive of papers, made in the background."""

from .orders import EXPORTS, PARTS, TooMany, ask, drop, expire, exports_of

__all__ = ["EXPORTS", "PARTS", "TooMany", "ask", "drop", "expire", "exports_of"]
