"""Writing a page: its forms, what others wrote meanwhile, what is taken over, and the one door to the tables."""

__all__ = ["carrying", "forms", "presence", "save_page", "writing"]
