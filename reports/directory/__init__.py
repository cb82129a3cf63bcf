"""Units, people and periods written from a data file."""

from .loading import DataError, give_passwords, load_directory, read, write

__all__ = ["DataError", "give_passwords", "load_directory", "read", "write"]
