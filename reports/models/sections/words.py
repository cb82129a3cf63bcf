"""Evaluation, plan and recommendations: what the clerk says in words."""

from ...enums import Section
from ..fields import TextFigureField
from .base import ReportSection


class Evaluation(ReportSection):
    """Đánh giá chung: strengths, limits, causes, in the clerk's words."""

    section = Section.EVALUATION

    strengths = TextFigureField("Ưu điểm, mặt tích cực", rows=8)
    limits = TextFigureField("Tồn tại, hạn chế", rows=8)
    causes = TextFigureField("Nguyên nhân", rows=6)


class Plan(ReportSection):
    """Phương hướng, nhiệm vụ: the tasks ahead."""

    section = Section.PLAN

    tasks = TextFigureField("Phương hướng, nhiệm vụ thời gian tới", rows=12)


class Recommendations(ReportSection):
    """Kiến nghị, đề xuất: proposals to the superior."""

    section = Section.RECOMMENDATIONS

    proposals = TextFigureField("Kiến nghị, đề xuất với cấp trên", rows=8)
