"""What stands in an address for a section, a verb or a format: a member of a list, or the address is none of ours."""

from django.urls import register_converter

from reports.enums import Section, Verb
from reports.issuing.papers import CONTENT_TYPES
from reports.views.blanks import FORMATS


class SectionConverter:
    """A section by its code."""

    regex = "|".join(Section)

    def to_python(self, value: str) -> Section:
        return Section(value)

    def to_url(self, value: str) -> str:
        return Section(value).value


class VerbConverter:
    """A verb by its code."""

    regex = "|".join(Verb)

    def to_python(self, value: str) -> Verb:
        return Verb(value)

    def to_url(self, value: str) -> str:
        return Verb(value).value


class FormatConverter:
    """The formats a report can be downloaded in."""

    regex = "|".join(CONTENT_TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class BlankFormatConverter(FormatConverter):
    """The formats of a blank form."""

    regex = "|".join(FORMATS)


def register() -> None:
    """Make the converters known to `path`."""
    register_converter(SectionConverter, "section")
    register_converter(VerbConverter, "verb")
    register_converter(FormatConverter, "format")
    register_converter(BlankFormatConverter, "blank_format")
