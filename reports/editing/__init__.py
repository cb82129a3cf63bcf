"""Writing a page: its forms, conflicts with other people, take-over from the period before, storing."""

__all__ = ["carrying", "forms", "presence", "save_page", "writing"]
