"""The sample data: a story of reports whose days are counted from today, loaded through the functions that people's requests use."""

__all__ = ["loading"]
