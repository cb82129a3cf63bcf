"""What pages share: the request and its limits, whose page it is, a report's head and buttons, files sent."""

__all__ = [
    "actions",
    "downloads",
    "fields",
    "file_names",
    "page",
    "page_owner",
    "places",
    "presses",
    "request",
    "signed_form",
]
