"""A period of reporting: opening it, the board of who owes and who is late, deadlines."""

__all__ = ["board", "deadlines", "opening"]
