"""Commands, the workers, and the checks before the portal starts."""
