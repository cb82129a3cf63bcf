"""A PDF that nobody signed."""

import io
from functools import cache

import pikepdf


@cache  # it bears the second it was made in
def plain_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()
