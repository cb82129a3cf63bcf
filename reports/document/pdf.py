"""The PDF writer: the HTML writer's page through WeasyPrint.

Nothing is fetched: the page carries its stylesheet, the font comes by fontconfig. One font
configuration serves the whole process, since a new one a document grows memory.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any, NoReturn


class NativeLibrariesMissing(RuntimeError):
    """Pango is not installed, so no PDF can be made on this machine."""


@cache
def _weasyprint() -> tuple[Any, Any]:
    """WeasyPrint and one FontConfiguration. Imported late: without Pango the import itself fails."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        raise NativeLibrariesMissing(str(error)) from error
    return weasyprint, FontConfiguration()


def refuse(url: str, *_args: Any, **_kwargs: Any) -> NoReturn:
    """The fetcher of a paper: no file, no address is ever read on behalf of its text."""
    raise ValueError(f"a paper fetches nothing, asked for {url[:80]}")


def make_pdf(html: str, finisher: Callable[..., None] | None = None, **options: Any) -> bytes:
    """Turn a self-contained page into a PDF. NativeLibrariesMissing when Pango is not there."""
    weasyprint, fonts = _weasyprint()
    document = weasyprint.HTML(string=html, url_fetcher=refuse).render(font_config=fonts, **options)
    identifier = sha256(html.encode()).hexdigest()[:32].encode()
    pdf: bytes = document.write_pdf(pdf_identifier=identifier, finisher=finisher, **options)
    return pdf
