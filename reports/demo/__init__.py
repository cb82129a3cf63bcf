"""The sample data: a story of reports, its days counted from today, loaded by the functions that requests use."""

__all__ = ["loading"]
