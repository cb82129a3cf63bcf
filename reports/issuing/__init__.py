"""The paper itself: printed and stored, kept for ever when approved or issued, numbered, signed."""

__all__ = ["numbering", "papers", "press", "release", "signature_reader", "signed_copies"]
