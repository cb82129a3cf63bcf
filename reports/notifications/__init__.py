"""Who is told what: notices in the portal, letters, reminders by the clock."""

__all__ = ["mail", "notices", "reminders"]
