"""The official text beside the form, and the figures a text may name."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ..compose import compose, compose_items
from ..documents import html
from ..dossier import Dossier
from ..enums import Section


def preview(dossier: Dossier, section: Section) -> str:
    """The official text of the section, for the screen."""
    if section == Section.PAPER:
        return html.frame(compose(dossier))
    if section == Section.APPENDIX:
        return ""
    return f'<article class="paper">{html.blocks(compose_items(dossier, section), screen=True)}</article>'


def live_figures(dossier: Dossier) -> SafeString:
    """The figures a narrative may name, by label: those answered."""
    labels = sorted(
        f.label
        for code, f in dossier.catalogue.items()
        if not f.table and f.kind != "text" and dossier.value(code).answered
    )
    return format_html_join("", "<option>{}</option>", ((label,) for label in labels))
