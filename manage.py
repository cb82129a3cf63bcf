#!/usr/bin/env python3
"""Django's command line. `./run manage` calls it in the prepared environment."""

import os
import sys


def main() -> None:
    os.umask(0o077)  # database, exports, uploads: for the portal's account alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
