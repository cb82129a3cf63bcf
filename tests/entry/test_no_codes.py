"""No code reaches a screen: neither braces of the grammar of sentences nor names of figures and states."""

import html
import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from reports.catalogue.figures import typed_figures
from reports.compose.prose import to_codes, to_labels
from reports.dossier.facts import load
from reports.entry.progress import sections_of
from reports.models import Report, User

HOMES = "|".join(sorted({code.partition(".")[0] for code in typed_figures()}))
CODE = re.compile(rf"\b(?:{HOMES}|indicator)\.[a-z0-9_.]+\b|\{{[a-z0-9_.]+(?:\|\w+)?\}}")


def visible(markup: str) -> tuple[str, str]:
    """What a page shows, and what stands in its fields."""
    markup = re.sub(r"(?s)<(script|template|style)\b.*?</\1>", " ", markup)
    typed = " ".join(re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", markup))
    typed += " ".join(re.findall(r'<input[^>]*?type="text"[^>]*? value="([^"]*)"', markup))
    shown = re.sub(r"(?s)<textarea[^>]*>.*?</textarea>", " ", markup)
    said = " ".join(re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"', shown))
    return html.unescape(re.sub(r"<[^>]+>", " ", shown) + said), html.unescape(typed)


def one_of_each_outline() -> list[Report]:
    found: dict[tuple[int, int | None], Report] = {}
    for report in Report.objects.select_related("unit", "period").order_by("-revision"):
        found.setdefault((report.outline_id, report.indicator_set_id), report)
    return list(found.values())


def test_no_page_of_any_outline_shows_a_code_or_a_brace(
    db: None, as_user: Callable[[User], Client]
) -> None:
    read = 0
    for report in one_of_each_outline():
        client = as_user(report.unit.roles.filter(role="clerk").first().user)
        pages = [
            reverse("section", args=[report.pk, part.value]) for part in sections_of(load(report))
        ]
        pages += [reverse(name, args=[report.pk]) for name in ("report", "checks", "preview")]
        for address in pages:
            shown, typed = visible(client.get(address).content.decode())
            assert CODE.findall(shown + typed) == [], address
            assert re.findall(r".{0,40}[{}].{0,40}", shown) == [], address
            read += 1
    assert read > 40


def test_the_board_shows_no_code(
    reviewer: User, ha_tien: Report, as_user: Callable[[User], Client]
) -> None:
    client = as_user(reviewer)
    for address in (reverse("inbox"), reverse("period", args=[ha_tien.period.code])):
        shown, _ = visible(client.get(address).content.decode())
        assert len(shown) > 500
        assert CODE.findall(shown) == re.findall("[{}]", shown) == []


def test_a_text_names_facts_of_the_report_in_words_and_keeps_them_live(ha_tien: Report) -> None:
    dossier = load(ha_tien)
    source = (
        "Trong năm {year}, từ {from} đến {to}, {unit} tiếp nhận {procedures.received|pad} hồ sơ."
    )
    read = to_labels(source, dossier)
    assert read.startswith(
        "Trong năm {Năm báo cáo}, từ {Ngày đầu kỳ} đến {Ngày cuối kỳ}, {Đơn vị báo cáo} "
    )
    assert to_codes(read, dossier) == source
