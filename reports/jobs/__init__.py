"""Work that takes long: the queue in the database, one heavy request of a person at a time, being told to wait."""

__all__ = ["busy", "child_process", "queue", "turns"]
