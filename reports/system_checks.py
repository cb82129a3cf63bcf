"""What must hold before the portal starts."""
