"""Reading files into a report: an Excel form brought back, a report as JSON."""

__all__ = ["excel_form", "proposals", "report_json"]
