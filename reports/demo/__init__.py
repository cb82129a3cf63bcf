"""The sample data: a story told through the doors people use, on days that lie around today."""

__all__ = ["loading"]
