"""What comes in from files: an Excel form brought back, a report as JSON."""

__all__ = ["excel_form", "proposals", "report_json"]
