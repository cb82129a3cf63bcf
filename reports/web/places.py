"""Where in the portal something stands: the addresses that more than one page leads to."""

from django.urls import reverse

from ..enums import Section


def field_place(report_pk: int, section: Section | str, name: str = "") -> str:
    """The address at which a field of a report is typed and marked; without a name, that of its section."""
    page = reverse("section", kwargs={"pk": report_pk, "section": section})
    return f"{page}#id_{name}" if name else page
