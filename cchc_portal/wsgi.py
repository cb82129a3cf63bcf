"""The entry point of web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # database, exports, uploads: for the portal's account alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

application = get_wsgi_application()

# What is loaded now stays for good: the collector need not walk through it on every tenth page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
