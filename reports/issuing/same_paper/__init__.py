"""Whether a PDF brought from outside is the paper that was issued: its text read, compared, told."""
