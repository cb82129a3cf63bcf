"""The PDF writer: the HTML writer's page through WeasyPrint.

Nothing is fetched: the page carries its stylesheet, the font comes by fontconfig. One font
configuration serves the whole process, since a new one a document grows memory.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any, NoReturn

from .feet import fill
from .lines import full


class NativeLibrariesMissing(RuntimeError):
    """Pango is not installed, so no PDF can be made on this machine."""


@cache
def _weasyprint() -> tuple[Any, Any, Any]:
    """WeasyPrint, one FontConfiguration and the fetcher that refuses. Imported late: without Pango
    the import itself fails."""
    try:
        import weasyprint
        from weasyprint.layout import inline
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise NativeLibrariesMissing(str(error)) from error

    class Refuser(URLFetcher):
        fetch = staticmethod(refuse)

    inline.split_first_line = full(inline.split_first_line)
    return weasyprint, FontConfiguration(), Refuser()


def refuse(url: str, *_args: Any, **_kwargs: Any) -> NoReturn:
    """The fetcher of a paper: no file, no address is ever read on behalf of its text."""
    raise ValueError(f"a paper fetches nothing, asked for {url[:80]}")


def plain_spaces(_document: Any, pdf: Any) -> None:
    """Let the blank glyph read as a space: the font draws space and non-breaking space alike, and
    the one met last would turn every space of the text copied or searched into the other."""
    for item in pdf.objects:
        lines = getattr(item, "stream", ())
        if any(isinstance(line, bytes) and b"beginbfchar" in line for line in lines):
            item.stream = [line.replace(b" <00a0>", b" <0020>") for line in lines]


def make_pdf(html: str, finisher: Callable[..., None] | None = None, **options: Any) -> bytes:
    """Turn a self-contained page into a PDF. Raises NativeLibrariesMissing where Pango is not installed."""
    weasyprint, fonts, refuser = _weasyprint()
    document = weasyprint.HTML(string=html, url_fetcher=refuser).render(
        font_config=fonts, **options
    )
    fill(document.pages)
    identifier = sha256(html.encode()).hexdigest()[:32].encode()
    pdf: bytes = document.write_pdf(
        pdf_identifier=identifier, finisher=finisher or plain_spaces, **options
    )
    return pdf
