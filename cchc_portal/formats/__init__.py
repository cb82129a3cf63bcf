"""Locale formats of the portal; named by FORMAT_MODULE_PATH in the settings."""
