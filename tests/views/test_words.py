"""One official word for one thing, names of files that a person recognises, help where one is stuck."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from reports.models import Report, ReportingPeriod
from reports.web.file_names import paper_name, period_slug, slug

#: Words that officials do not use, or use for something else, and what to write.
NOT_OURS = {
    r"\b[Tt]in báo\b": "thông báo",
    r"\bTrang đầu\b": "Trang chủ",
    r"\bThôi\b": "Hủy",
    r"\btrễ \{": "chậm",
    r"\bngày trễ\b": "số ngày chậm",
    r"\b[Hh]uỷ\b": "hủy",
}
SPOKEN = [
    *(settings.BASE_DIR / "templates").rglob("*.html"),
    *(settings.BASE_DIR / "templates").rglob("*.txt"),
    *(settings.BASE_DIR / "static" / "js").rglob("*.js"),
    *(path for path in (settings.BASE_DIR / "reports").rglob("*.py") if "migrations" not in path.parts),
    *(settings.BASE_DIR / "docs").glob("huong-dan-*.md"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "official"), NOT_OURS.items())
def test_screens_letters_and_guides_use_one_official_word(word: str, official: str) -> None:
    spoken = {
        str(path.relative_to(settings.BASE_DIR)): [
            line.strip() for line in path.read_text("utf-8").splitlines()
            if re.search(word, line.replace("Thông tin báo cáo", ""))
        ]
        for path in SPOKEN
    }  # fmt: skip
    assert {path: lines for path, lines in spoken.items() if lines} == {}, official


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("xã Hà Tiến", "xa-Ha-Tien"),
        ("phường Điện Biên", "phuong-Dien-Bien"),
        ("đặc khu Cô Tô", "dac-khu-Co-To"),
        ("xã Chân Mây – Lăng Cô", "xa-Chan-May-Lang-Co"),
        ("Phường 1", "Phuong-1"),
    ],
)
def test_a_name_of_a_file_holds_no_marks(text: str, name: str) -> None:
    assert slug(text) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [("HT-2023-6T", "6-thang-2023"), ("HT-2023-9T", "9-thang-2023"), ("LT-2022-Q1", "quy-I-2022"),
     ("TH-2026-NAM", "nam-2026")],
)  # fmt: skip
def test_a_period_is_named_as_one_says_it(db: None, code: str, name: str) -> None:
    assert period_slug(ReportingPeriod.objects.select_related("kind").get(code=code)) == name


def test_paper_and_appendix_are_told_apart_by_their_names(dien_bien: Report) -> None:
    assert paper_name(dien_bien, "pdf") == "Bao-cao-CCHC_phuong-Dien-Bien_6-thang-2021.pdf"
    assert paper_name(dien_bien, "xlsx") == "Phu-luc-CCHC_phuong-Dien-Bien_6-thang-2021.xlsx"


def test_a_download_bears_the_name_of_unit_and_period(client: Client, ha_tien: Report) -> None:
    client.force_login(ha_tien.unit.roles.first().user)  # type: ignore[union-attr]
    answer = client.get(reverse("download", args=[ha_tien.pk, "docx"]))
    name = "Bao-cao-CCHC_xa-Ha-Tien_6-thang-2023.docx"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_whoever_forgot_the_password_reads_whom_to_ask(
    client: Client, db: None, settings: object
) -> None:
    settings.SUPPORT = "Sở Nội vụ, điện thoại 0237 000 000"  # type: ignore[attr-defined]
    page = client.get(reverse("login")).content.decode()
    assert "Quên mật khẩu?" in page and "Sở Nội vụ, điện thoại 0237 000 000." in page


def test_formats_for_software_are_folded_away(client: Client, ha_tien: Report) -> None:
    client.force_login(ha_tien.unit.roles.first().user)  # type: ignore[union-attr]
    page = client.get(reverse("report", args=[ha_tien.pk])).content.decode()
    fold = page.index("<summary>Phiếu thu thập, tải khác</summary>")
    for file_format in ("html", "json"):
        address = reverse("download", args=[ha_tien.pk, file_format])
        assert page.count(address) == 1 and page.index(address) > fold
    assert "HTML" in page[fold:] and "HTML" not in page[:fold] and "JSON" not in page[:fold]
