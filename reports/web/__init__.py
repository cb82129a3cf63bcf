"""What every request meets: its limits, whose page it is, what a page shows of its reader."""

__all__ = ["file_names", "page_owner"]
