"""The portal's own settings, with quick passwords: hashing is slow on purpose, and tests log in often."""

from cchc_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
