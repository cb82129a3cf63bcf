"""Files from outside: what they really are, and reading them in a child process with limits."""

__all__ = ["file_check", "limited", "workbook_reader"]
