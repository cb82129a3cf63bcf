"""Which chapter a page opens: one table, by the name of its address, the reader's role, section and verb.

A line is `guide/chapter` or `guide/chapter#heading`: one for everybody, or one a role where they differ. Whoever has
none of the roles that a line names reads the first of them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse

from ..enums import Role, Section, Verb
from . import markdown

Line = str | Mapping[Role, str]

_CLERK, _LEADER, _RECORDS, _REVIEWER, _ADMIN = Role


def _asking(line: str) -> dict[Role, str]:
    """The same chapter for both roles of the office that asks."""
    return {_REVIEWER: line, _ADMIN: line}


_ENTERED = "nguoi-lap/nhap-mot-phan"
_WAY = "nguoi-lap/kiem-tra-trinh-va-gui"
_RETURNED = f"{_WAY}#khi-cap-tren-yeu-cau-chinh-ly"
_LEADER_READS = "lanh-dao/doc-bao-cao-tai-lieu-kiem-chung-nhat-ky"
_RECORDS_READ = "van-thu/doc-bao-cao-cua-don-vi"
_REVIEW = "tham-dinh/tham-dinh"
_BOARD = "tham-dinh/bao-cao-cua-cac-don-vi-trong-mot-ky"
_REVIEWER_READS = "tham-dinh/doc-bao-cao-cua-mot-don-vi"
_OTHER_ACTS = "tham-dinh/loai-tru-nhap-thay-nhat-ky-xac-nhan-van-ban"
_TIME = "tham-dinh/nhac-gia-han"
_ISSUE = "van-thu/phat-hanh"

_REPORT: Line = {
    _CLERK: "nguoi-lap/trang-bao-cao-danh-sach-cac-phan",
    _LEADER: _LEADER_READS,
    _RECORDS: _RECORDS_READ,
    **_asking(_REVIEWER_READS),
}
_SECTION = {
    _CLERK: _ENTERED,
    _LEADER: _LEADER_READS,
    _RECORDS: _RECORDS_READ,
    **_asking(_REVIEWER_READS),
}
_CHECKS: Line = {
    _CLERK: _WAY,
    _LEADER: "lanh-dao/ky-duyet",
    _RECORDS: "van-thu/gui-bao-cao",
    **_asking(_REVIEW),
}
_EVIDENCE: Line = {
    _CLERK: "nguoi-lap/tai-lieu-kiem-chung",
    _LEADER: _LEADER_READS,
    _RECORDS: _RECORDS_READ,
    **_asking("tham-dinh/tai-lieu-kiem-chung"),
}
_NOTICES: Line = {
    _CLERK: "nguoi-lap/thong-bao-va-thu",
    _LEADER: "lanh-dao/thong-bao-va-thu",
    _RECORDS: "van-thu/thong-bao-va-thu",
    **_asking("tham-dinh/thong-bao-va-thu"),
}
_REMARKS: Line = {_CLERK: _RETURNED, _LEADER: "lanh-dao/sau-khi-gui", **_asking(_REVIEW)}
_MORE_TIME: Line = {_CLERK: f"{_WAY}#xin-gia-han", **_asking(_TIME)}
_OWN_LOGIN = "nguoi-lap/doi-mat-khau-dung-may-chung"
_GUIDES = "nguoi-lap/tra-cuu-huong-dan"

#: By the name of the address; addresses that show no page are named only where a refusal is shown there.
PAGES: dict[str, Line] = {
    "inbox": {
        _CLERK: "nguoi-lap/dang-nhap-va-mo-bao-cao",
        _LEADER: "lanh-dao/bao-cao-nao-dang-cho-ky",
        _RECORDS: "van-thu/bao-cao-nao-dang-cho",
        _REVIEWER: "tham-dinh/cac-ky-bao-cao-theo-doi",
        _ADMIN: "quan-tri/mo-ky-bao-cao",
    },
    "report": _REPORT,
    "section": _SECTION,
    "carry_over": "nguoi-lap/bat-dau-tu-bao-cao-ky-truoc",
    "act": _REPORT,
    "checks": _CHECKS,
    "sign_off": "lanh-dao/phieu-ky-duyet",
    "more_sections": {_CLERK: _RETURNED, **_asking(f"{_REVIEW}#yeu-cau-chinh-ly")},
    "review": _REMARKS,
    "remark": _REMARKS,
    "more_time": _MORE_TIME,
    "timeline": {
        _CLERK: "nguoi-lap/nhat-ky-cua-bao-cao",
        _LEADER: _LEADER_READS,
        _RECORDS: _RECORDS_READ,
        **_asking(_OTHER_ACTS),
    },
    "attach_signed": "van-thu/nap-ban-da-ky",
    "confirm": {
        _CLERK: "van-thu/xac-nhan-mot-van-ban",
        _RECORDS: "van-thu/xac-nhan-mot-van-ban",
        **_asking(_OTHER_ACTS),
    },
    "preview": {
        _CLERK: "nguoi-lap/xem-truoc-va-tai-van-ban",
        _LEADER: _LEADER_READS,
        _RECORDS: _RECORDS_READ,
        **_asking(_REVIEWER_READS),
    },
    "download": {_CLERK: "nguoi-lap/xem-truoc-va-tai-van-ban", **_asking("tham-dinh/tai-ve")},
    "evidence": _EVIDENCE,
    "evidence_bundle": _EVIDENCE,
    "remove_evidence": _EVIDENCE,
    "blank": "nguoi-lap/thu-thap-so-lieu-bang-phieu-giay-hoac-excel",
    "bring_in": "nguoi-lap/thu-thap-so-lieu-bang-phieu-giay-hoac-excel",
    "period": {_REVIEWER: _BOARD, _ADMIN: "quan-tri/mo-ky-bao-cao"},
    "matrix": f"{_BOARD}#xem-nhieu-ky",
    "approve_many": f"{_REVIEW}#phe-duyet",
    "remind": _TIME,
    "exports": "tham-dinh/xuat-du-lieu-ca-ky",
    "export_file": "tham-dinh/xuat-du-lieu-ca-ky",
    "open_period": "quan-tri/mo-ky-bao-cao",
    "notices": _NOTICES,
    "mailing": _NOTICES,
    "password_change": _OWN_LOGIN,
    "password_change_done": _OWN_LOGIN,
    "guides": _GUIDES,
    "guide": _GUIDES,
    "guide_chapter": _GUIDES,
}

#: Sections with a chapter of their own for whoever fills them in.
SECTIONS: dict[Section, Line] = {
    Section.EVALUATION: {**_SECTION, _CLERK: "nguoi-lap/thuyet-minh"},
    Section.PLAN: {**_SECTION, _CLERK: "nguoi-lap/thuyet-minh"},
    Section.RECOMMENDATIONS: {**_SECTION, _CLERK: "nguoi-lap/thuyet-minh"},
    Section.APPENDIX: {**_SECTION, _CLERK: "nguoi-lap/phu-luc-so-lieu"},
    Section.PAPER: {**_SECTION, _CLERK: "nguoi-lap/the-thuc-van-ban"},
}

#: What a step of a report opens; the others open what the report's page does.
VERBS: dict[Verb, Line] = {
    Verb.PRESENT: _WAY,
    Verb.TAKE_BACK: _WAY,
    Verb.SEND_BACK: "lanh-dao/tra-lai-cong-chuc-de-sua",
    Verb.SIGN_OFF: "lanh-dao/ky-duyet",
    Verb.SEND: _CHECKS,
    Verb.WITHDRAW: {_CLERK: _WAY, _LEADER: "lanh-dao/sau-khi-gui"},
    Verb.BEGIN_REVIEW: _REVIEW,
    Verb.PUT_BACK: _REVIEW,
    Verb.COMMENT: f"{_REVIEW}#ghi-y-kien",
    Verb.RETURN: f"{_REVIEW}#yeu-cau-chinh-ly",
    Verb.APPROVE: f"{_REVIEW}#phe-duyet",
    Verb.ISSUE: _ISSUE,
    Verb.CORRECT_ISSUE: _ISSUE,
    Verb.REOPEN: f"{_REVIEW}#mo-lai-bao-cao-da-phe-duyet-hoac-da-phat-hanh",
    Verb.EXCLUDE: _OTHER_ACTS,
    Verb.INCLUDE: _OTHER_ACTS,
    Verb.TAKE_OVER: _OTHER_ACTS,
    Verb.HAND_BACK: _OTHER_ACTS,
    Verb.ASK_EXTENSION: _MORE_TIME,
    Verb.EXTEND: _MORE_TIME,
    Verb.ATTACH_SIGNED: "van-thu/nap-ban-da-ky",
    Verb.REMIND: _TIME,
}


def lines() -> list[str]:
    """Every chapter that some page opens, as the table names it."""
    tables = (*PAGES.values(), *SECTIONS.values(), *VERBS.values())
    return sorted(
        {one for line in tables for one in ([line] if isinstance(line, str) else line.values())}
    )


def chapter_for(page: str, kwargs: Mapping[str, Any], roles: Collection[Role | str]) -> str:
    """What the table says of a page, an address with these arguments, for somebody with these roles; "" for no page."""
    line = PAGES.get(page, "")
    if page in ("section", "act"):
        told = SECTIONS.get(kwargs["section"]) if page == "section" else VERBS.get(kwargs["verb"])
        line = told or line
    if isinstance(line, str):
        return line
    return next((line[role] for role in line if role in roles), next(iter(line.values())))


def address(page: str, kwargs: Mapping[str, Any], roles: Collection[Role | str]) -> str:
    """Where the question mark of a page leads; of a page that is not in the table, to the reader's own guide."""
    chapter = chapter_for(page, kwargs, roles)
    if not chapter:
        return reverse("guides")
    place, _, heading = chapter.partition("#")
    guide, name = place.split("/")
    return markdown.address(guide, name, heading)
