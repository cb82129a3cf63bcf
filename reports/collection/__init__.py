"""Forms that go out: a report to fill in by hand, on paper or as an Excel workbook."""

__all__ = ["excel_form", "paper_form"]
