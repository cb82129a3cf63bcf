"""A page of entry in groups: which stand together, how they are called in the address, how far they have come."""

from collections.abc import Callable

import pytest
from django.test import Client
from factories import make_period, make_report, make_superior, make_unit

from reports.dossier.facts import load
from reports.entry import section_entry
from reports.entry.layout import PageGroup, page_groups
from reports.enums import Progress, Section
from reports.models import Report, User

pytestmark = pytest.mark.once


@pytest.fixture
def report(db: None) -> Report:
    """A report with two of the figures on resolved dossiers."""
    unit = make_unit()
    figures = {"procedures__resolved": 10, "procedures__resolved_early": 10}
    return make_report(unit, make_period(make_superior(unit)), **figures)


def groups_of(report: Report, section: Section) -> tuple[PageGroup, ...]:
    return page_groups(section_entry(load(report), section))


def test_small_neighbours_stand_together_and_a_screen_holds_each_group(report: Report) -> None:
    for section in (Section.DIRECTION, Section.PROCEDURES, Section.CIVIL_SERVICE):
        for group in groups_of(report, section):
            if len(group.figures) > 1 and not group.optional:
                assert sum(len(each.figures) for each in group.figures) <= 10
                assert group.title == " · ".join(each.title for each in group.figures)
                assert group.short_title == f"{group.figures[0].title} …"


def test_every_group_has_a_name_of_its_own_in_the_address(report: Report) -> None:
    for section in Section:
        if section in (Section.PAPER, Section.APPENDIX):
            continue
        slugs = [group.slug for group in groups_of(report, section)]
        assert len(set(slugs)) == len(slugs)
        assert all(slug.isascii() and slug == slug.lower() for slug in slugs)


def test_a_group_says_how_far_it_has_come(report: Report) -> None:
    by_slug = {group.slug: group for group in groups_of(report, Section.PROCEDURES)}
    resolved = by_slug["ho-so-giai-quyet"]
    required = [f for each in resolved.figures for f in each.figures if f.required]
    answered = sum(figure.value.answered for figure in required)
    assert (resolved.progress, resolved.count) == (Progress.BEGUN, f"{answered}/{len(required)}")
    assert 0 < answered < len(required)
    untouched = next(group for group in by_slug.values() if group.grid)
    assert untouched.progress == Progress.EMPTY


def test_all_figures_tables_and_texts_of_a_section_stand_in_exactly_one_group(
    report: Report,
) -> None:
    for section in (Section.DIRECTION, Section.PROCEDURES, Section.EGOV):
        entry = section_entry(load(report), section)
        groups = page_groups(entry)
        figures = [f.name for group in groups for each in group.figures for f in each.figures]
        assert sorted(figures) == sorted(figure.name for figure in entry.figures())
        assert [group.grid.table for group in groups if group.grid] == [
            g.table for g in entry.grids
        ]
        texts = [n.name for group in groups for n in group.narratives]
        assert texts == [narrative.name for narrative in entry.narratives]


def test_the_address_names_the_group_in_sight_and_the_others_are_found_by_the_browser(
    as_user: Callable[[User], Client], clerk: User, ha_tien: Report
) -> None:
    client = as_user(clerk)
    page = client.get(f"/bao-cao/{ha_tien.pk}/phan/procedures/?nhom=ho-so-giai-quyet")
    shown = page.content.decode()
    assert page.context["shown"].slug == "ho-so-giai-quyet"
    groups = page.context["groups"]
    assert shown.count('hidden="until-found"') == len(groups) - 1
    assert (
        'hidden="until-found"'
        not in client.get(f"/bao-cao/{ha_tien.pk}/phan/procedures/").content.decode()
    )
    assert (
        'hidden="until-found"'
        not in client.get(f"/bao-cao/{ha_tien.pk}/phan/procedures/?nhom=tat-ca").content.decode()
    )
