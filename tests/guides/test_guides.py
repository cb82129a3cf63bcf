"""The guides: their chapters, what a page opens, words found in them, and what a first visit shows."""

import re
from collections.abc import Callable
from html import unescape
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factories import make_unit, make_user
from page_markup import MARKED, Markup

from cchc_portal.urls import urlpatterns
from reports.enums import Role, Section, Verb
from reports.guides import book, first_visit, pages
from reports.guides.book import GUIDE_OF, Chapter, guides, read, search
from reports.models import User

CHAPTERS = [chapter for guide in guides().values() for chapter in guide.chapters]
#: Addresses that answer with a file, with news for a script, or by leading on.
SHOWS_NO_PAGE = {
    "company", "released", "signed_copy", "evidence_file", "approvals_progress", "exports_progress", "delete_export",
    "notice", "read_all", "introduced", "logout", "healthz",
}  # fmt: skip
#: Pages for somebody who is not logged in, which open the one chapter that is open to everybody.
SIGNED_OUT = {"login", "login_help"}


def chapter_at(line: str) -> Chapter:
    """The chapter that a line of a table names, with the heading it leads to."""
    place, _, heading = line.partition("#")
    guide, slug = place.split("/")
    chapter = guides()[guide].chapter(slug)
    assert chapter, line
    assert not heading or heading in chapter.anchors, line
    return chapter


# --- the chapters -------------------------------------------------------------------------------------


def test_every_guide_has_chapters_each_under_an_address_of_its_own() -> None:
    assert list(guides()) == list(GUIDE_OF.values())
    for guide in guides().values():
        slugs = [chapter.slug for chapter in guide.chapters]
        assert len(slugs) == len(set(slugs)) > 5
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)
        assert guide.title
        assert guide.opening
    assert guides()["nguoi-lap"].chapter("cach-go-so-ngay-va-khong-phat-sinh")


def test_a_chapter_keeps_its_address_when_one_is_put_before_it(tmp_path: Path) -> None:
    def slugs(text: str) -> list[str]:
        (tmp_path / "huong-dan-thu.md").write_text(text, encoding="utf-8")
        return [chapter.slug for chapter in read(tmp_path, ["thu"])["thu"].chapters]

    assert slugs("# Thử\n\n## 1. Đăng nhập\n") == ["dang-nhap"]
    assert slugs("# Thử\n\n## 1. Trước hết\n\n## 2. Đăng nhập\n") == ["truoc-het", "dang-nhap"]


def test_a_guide_brings_nothing_into_a_page_but_text(tmp_path: Path) -> None:
    links = ["javascript:alert(1)", "//evil.example/x", "http://evil.example", "data:text/html,x", "/dang-xuat/",
             "pictures/../secret.png", "../README.md", "#nowhere", "huong-dan-khac.md"]  # fmt: skip
    lines = [
        *MARKED,
        *(f"[x]({to}) ![x]({to})" for to in links),
        "|a|b|",
        "|:-:|--:|",
        "|<b>c</b>|d|",
    ]
    text = "# Thử <i>\n\n" + "\n\n".join(lines[:-3]) + "\n\n## 1. <script>\n\n" + "\n".join(lines)
    (tmp_path / "huong-dan-thu.md").write_text(text, encoding="utf-8")
    guide = read(tmp_path, ["thu"])["thu"]
    for html in (guide.opening, *(chapter.html for chapter in guide.chapters)):
        assert Markup(html).found == []
        tags = set(re.findall(r"<(?!/)[^>]*>", html))
        assert not [tag for tag in tags if re.search(r"^<(?:script|img|a|form|iframe|style)\b|\s\w+=", tag)
                    and tag != '<table class="table">']  # fmt: skip
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in guide.opening


def test_every_picture_of_the_guides_is_served_with_its_measures_and_only_when_seen() -> None:
    written = sum(
        (book.FOLDER / f"huong-dan-{name}.md").read_text("utf-8").count("![") for name in guides()
    )
    shown = [tag for chapter in CHAPTERS for tag in re.findall("<img[^>]*>", chapter.html)]
    assert len(shown) == written > 40
    for tag in shown:
        assert re.search(r' width="\d+" height="\d+" alt="[^"]+" loading="lazy"', tag), tag
        (name,) = re.findall(r'src="/static/([^"]+)"', tag)
        assert finders.find(name), name


def test_every_link_between_guides_leads_somewhere_in_the_portal_and_on_the_repositorys_page() -> (
    None
):
    for guide in guides().values():
        for html in (guide.opening, *(chapter.html for chapter in guide.chapters)):
            for to in re.findall(r'href="([^"]*)"', html):
                path, _, heading = unescape(to).partition("#")
                _, _, name, *chapter, _ = path.split("/")
                if chapter:
                    chapter_at("/".join([name, *chapter]) + (f"#{heading}" if heading else ""))
                else:
                    assert name in guides()
    anchors = {
        path.name: {
            re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
        }
        for path in book.FOLDER.glob("*.md")
    }
    for name in guides():
        file = f"huong-dan-{name}.md"
        text = (book.FOLDER / file).read_text("utf-8")
        for to in re.findall(r"\]\(([^)]+)\)", text):
            target, _, anchor = to.partition("#")
            assert (book.FOLDER / (target or file)).is_file(), to
            assert not anchor or unquote(anchor) in anchors[target or file], to


# --- which chapter a page opens -----------------------------------------------------------------------


def test_every_page_of_the_portal_opens_a_chapter_that_exists() -> None:
    names = {pattern.name for pattern in urlpatterns}
    assert names == set(pages.PAGES) | SHOWS_NO_PAGE | SIGNED_OUT
    assert not set(pages.PAGES) & (SHOWS_NO_PAGE | SIGNED_OUT)
    for line in pages.lines():
        chapter_at(line)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("role", Role)
def test_a_section_opens_a_chapter_of_the_readers_own_guide(section: Section, role: Role) -> None:
    line = pages.chapter_for("section", {"pk": 1, "section": section}, {role})
    assert chapter_at(line)
    assert line.startswith(f"{GUIDE_OF[role]}/") or role == Role.ADMIN


def test_what_is_open_decides_beside_who_reads() -> None:
    def opened(page: str, *roles: Role, **arguments: object) -> str:
        return pages.address(page, {"pk": 1, **arguments}, roles)

    assert opened("section", Role.CLERK, section=Section.PAPER).endswith("/the-thuc-van-ban/")
    assert opened("section", Role.CLERK, section=Section.FINANCE).endswith("/nhap-mot-phan/")
    assert opened("act", Role.LEADER, verb=Verb.SEND_BACK).endswith("/tra-lai-cong-chuc-de-sua/")
    assert opened("act", Role.CLERK, verb=Verb.ISSUE) == "/huong-dan/van-thu/phat-hanh/"
    assert opened("act", Role.REVIEWER, verb=Verb.REOPEN).partition("#")[2].startswith("mo-lai")
    # Of several roles the one that fills in comes before the one that looks.
    both = opened("report", Role.REVIEWER, Role.CLERK)
    assert both == opened("report", Role.CLERK) != opened("report", Role.REVIEWER)
    assert opened("inbox") == opened("inbox", Role.CLERK)


def test_a_page_that_is_not_there_opens_the_readers_own_guide(
    clerk: User, as_user: Callable[[User], Client]
) -> None:
    answer = as_user(clerk).get("/khong-co/")
    assert answer.status_code == 404
    assert str(answer.context["guide_address"]()) == reverse("guides")


# --- reading ------------------------------------------------------------------------------------------


def test_each_role_finds_its_own_guide_and_the_list_of_the_others(db: None) -> None:
    unit = make_unit()
    for role, name in GUIDE_OF.items():
        client = Client()
        client.force_login(make_user(unit, role))
        page = client.get(reverse("guides"))
        assert page.context["guide"] == guides()[name]
        for guide in guides().values():
            assert f'href="{guide.address}"' in page.content.decode()


def test_somebody_without_a_role_chooses_a_guide(
    outsider: User, as_user: Callable[[User], Client]
) -> None:
    page = as_user(outsider).get(reverse("guides")).content.decode()
    assert "Mời chọn một hướng dẫn" in page
    assert all(guide.title in page for guide in guides().values())


def test_a_chapter_stands_between_the_one_before_and_the_one_after(
    clerk: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(clerk)
    first, second, third, *_ = guides()["van-thu"].chapters
    page = client.get(second.address)
    assert (page.context["before"], page.context["after"]) == (first, third)
    assert client.get(first.address).context["before"] is None
    assert client.get(guides()["van-thu"].chapters[-1].address).context["after"] is None
    for path in ("khong-co/", "van-thu/khong-co/", "nguoi-lap/phat-hanh/"):
        assert client.get(f"/huong-dan/{path}").status_code == 404


def test_the_dialog_gets_the_chapter_alone(clerk: User, as_user: Callable[[User], Client]) -> None:
    chapter = guides()["van-thu"].chapters[2]
    part = as_user(clerk).get(chapter.address, {"khung": "1"}).content.decode()
    assert part.strip().startswith('<article class="chapter"')
    assert chapter.title in part
    assert "<html" not in part


def test_the_pages_of_the_guides_ask_the_database_for_the_reader_alone(
    clerk: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(clerk)
    chapter = guides()["nguoi-lap"].chapters[3].address
    for address in (reverse("guides"), "/huong-dan/?tim=so", "/huong-dan/van-thu/", chapter):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) == 4, address


def test_how_to_log_in_is_open_to_everybody_and_no_other_chapter_is(db: None) -> None:
    client = Client()
    assert reverse("login_help") in client.get(reverse("login")).content.decode()
    page = client.get(reverse("login_help"))
    guide, slug = book.LOGIN
    chapter = guides()[guide].chapter(slug)
    assert chapter
    assert chapter.title in page.content.decode()
    assert client.get(chapter.address).status_code == 302
    assert client.get(reverse("guides")).status_code == 302


# --- finding ------------------------------------------------------------------------------------------


def test_words_are_found_without_their_marks_and_named_chapters_first() -> None:
    found = search("KHONG phat sinh")
    assert found[0].chapter.slug == "cach-go-so-ngay-va-khong-phat-sinh"
    assert len(found) > 3
    assert search("không phát sinh") == found
    (hit,) = (hit for hit in search("truyền thanh loa") if hit.chapter.slug == "nhap-mot-phan")
    assert "loa truyen thanh" in hit.sentence


def test_of_chapters_named_alike_the_readers_own_comes_first() -> None:
    for guide in guides().values():
        if guide.chapter("khi-gap-kho-khan"):
            assert search("khi gặp khó khăn", guide)[0].guide == guide


def test_every_word_must_be_there_and_nothing_finds_nothing() -> None:
    assert search("phát hành xyzzy") == []
    assert search("hat") == search("hát")  # as words begin, not inside "phát"
    assert not [hit for hit in search("hat hanh") if hit.chapter.slug == "phat-hanh"]
    assert search("") == search(" … ") == []


def test_a_search_is_shown_again_as_it_was_typed_and_harms_nothing(
    clerk: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(clerk)
    page = client.get(reverse("guides"), {"tim": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "Không có bài nào" in page
    assert "bài" in client.get(reverse("guides"), {"tim": "phat hanh"}).content.decode()


# --- the first visit ----------------------------------------------------------------------------------

PANEL = "Mới dùng hệ thống"


@pytest.mark.parametrize("role", Role)
def test_a_first_visit_is_shown_three_things_and_no_more(db: None, role: Role) -> None:
    client = Client()
    client.force_login(make_user(make_unit(), role, introduced_at=None))
    page = client.get("/").content.decode()
    (panel,) = re.findall(r'<section class="panel first-visit".*?</section>', page, re.DOTALL)
    assert PANEL in panel
    links = re.findall(r'<li>.*?<a href="([^"]+)"', panel, re.DOTALL)
    assert len(links) == panel.count("<li>") == 3
    assert all(client.get(link).status_code == 200 for link in links)
    for point in first_visit.points_for({role}):
        assert len(point.sentence) < 130
        chapter_at(point.chapter)


def test_who_has_seen_it_is_never_shown_it_again_on_any_machine(db: None) -> None:
    user = make_user(make_unit(), Role.CLERK, introduced_at=None)
    first, other = Client(), Client()
    first.force_login(user)
    other.force_login(user)
    assert PANEL in other.get("/").content.decode()
    assert PANEL in other.get("/").content.decode()  # looking alone is not having read
    answer = first.post(reverse("introduced"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    seen_at = User.objects.get(pk=user.pk).introduced_at
    assert seen_at
    for client in (first, other):
        assert PANEL not in client.get("/").content.decode()
    other.post(reverse("introduced"))
    assert User.objects.get(pk=user.pk).introduced_at == seen_at


def test_somebody_without_a_role_is_shown_nothing_until_there_is_one(
    outsider: User, as_user: Callable[[User], Client]
) -> None:
    assert PANEL not in as_user(outsider).get("/").content.decode()
    assert first_visit.points_for(set()) == ()


def test_who_used_the_portal_before_is_at_no_first_visit(db: None) -> None:
    now = timezone.now()
    old = User.objects.create_user("cu", last_login=now)
    new = User.objects.create_user("moi")
    import_module("reports.migrations.0019_user_introduced").was_here(apps, None)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.introduced_at, new.introduced_at) == (now, None)
