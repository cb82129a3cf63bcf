"""What reader and writer of a report say to one another: remarks, the timeline, two states side by side."""

__all__ = ["compare", "remarks", "timeline"]
