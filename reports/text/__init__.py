"""Vietnamese as letters: numbers and dates read and written, names compared and sorted, old encodings, look-alikes."""

__all__ = ["dates", "encodings", "lookalikes", "names", "numbers", "typography"]
