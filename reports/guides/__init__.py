"""The guides beside the pages: read from `docs/`, parted into chapters, found by words, and opened where one stands."""

__all__ = ["book", "first_visit", "pages"]
