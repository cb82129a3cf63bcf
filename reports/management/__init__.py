"""Commands, the workers, and what must hold before the portal starts."""
