"""What a downloaded file is called, so that a person recognises it a month later.

`Bao-cao-CCHC_xa-Ha-Tien_6-thang-2023.pdf`: kind, unit, period. Letters without marks,
since old Windows, ZIP programs and mail gateways still spoil the others.
"""

import re
import unicodedata

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from ..models import Report, ReportingPeriod

REPORT, APPENDIX, BLANK_FORM = "Bao-cao-CCHC", "Phu-luc-CCHC", "Phieu-thu-thap-CCHC"
EVIDENCE = "Tai-lieu-kiem-chung-CCHC"
#: What of a report its names are made of.
name_relations = ("unit", "period__kind")


def slug(text: str) -> str:
    """`xã Hà Tiến` → `xa-Ha-Tien`: letters and digits of ASCII, hyphens between."""
    spread = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "-".join(re.findall(r"[A-Za-z0-9]+", re.sub(r"[\u0300-\u036f]", "", spread)))


def period_slug(period: ReportingPeriod) -> str:
    """`6 tháng đầu năm`, 2023 → `6-thang-2023`; `Quý I` → `quy-I-2022`."""
    kind = slug(period.kind.name.removesuffix(" đầu năm"))
    return f"{kind[:1].lower()}{kind[1:]}-{period.year}"


def file_name(kind: str, report: Report, ending: str, mark: str = "") -> str:
    """The name of a file of a report; `kind` begins it (`REPORT`), `mark` tells copies of a paper apart (`ban-ky`)."""
    parts = [kind, slug(f"{report.unit.kind} {report.unit.name}"), period_slug(report.period), mark]
    return "_".join(filter(None, parts)) + f".{ending}"


def paper_name(report: Report, file_format: str, mark: str = "") -> str:
    """The name of the report's paper in one of its formats; the workbook holds its appendix."""
    return file_name(APPENDIX if file_format == "xlsx" else REPORT, report, file_format, mark)


def as_download(response: HttpResponseBase, name: str) -> None:
    """Have the browser keep the answer as a file of this name."""
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
