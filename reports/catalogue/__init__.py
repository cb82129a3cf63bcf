"""What is asked: figures under one code each, the four states of a value, and what a person types read as such."""

__all__ = [
    "field_names",
    "figures",
    "grammar",
    "key_figures",
    "outlines",
    "questionnaire",
    "reading",
    "values",
]
