"""Forms that go out: a report to fill in by hand, on paper or as an Excel workbook."""

__all__ = ["blank_paper", "blank_workbook"]
