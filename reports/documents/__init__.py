"""The paper as a neutral tree, and the writers that render it. Knows no Django model."""

__all__ = ["docx", "html", "issue", "letters", "natives", "pdf", "tree", "tree_json", "xlsx"]
