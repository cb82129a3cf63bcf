"""Settings of the portal. One file; it declares and does nothing else.

Environment: DATABASE_URL, SECRET_KEY, DEBUG, DEMO, DEMO_TODAY, ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, VAR_DIR,
SECURE (behind HTTPS), SIGNATURE_ROOTS, EMAIL_URL, DEFAULT_FROM_EMAIL, PORTAL_URL, REMINDER_DAYS,
DIGEST_HOUR, EXPORT_DAYS, QUEUE_LEASE_SECONDS, SUPPORT. `docs/deployment.md` explains each.
"""

from datetime import date
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VERSION = "0.1.0"

DEBUG = env.bool("DEBUG", default=False)
#: A demonstration: demo data and its printed passwords are allowed.
DEMO = env.bool("DEMO", default=False)
#: The day on which the demo's story plays, for pictures and comparisons; today by the clock when empty.
DEMO_TODAY = (
    date.fromisoformat(env.str("DEMO_TODAY")) if env.str("DEMO_TODAY", default="") else None
)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. It may be left out only with DEMO or DEBUG."
        )
    SECRET_KEY = "demonstration-only-" + "not-a-secret-" * 4

SECURE = env.bool("SECURE", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

#: Everything the portal writes stands here: the embedded database, files of evidence, collected static files.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
#: Fonts for paper: fontconfig sees this font and no other, so no letter is filled in from elsewhere.
FONTCONFIG_FILE = BASE_DIR / ".setup" / "fonts.conf"
FONT_DIR = BASE_DIR / "node_modules" / "@expo-google-fonts" / "tinos"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reports.web.middleware.LoginFirst",
    "reports.web.page_owner.OnePerson",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reports.web.middleware.private_cache",
    "reports.web.middleware.body_limit",
    "reports.web.middleware.say_folded_letters",
    "reports.web.middleware.AskAgain",
]

ROOT_URLCONF = "cchc_portal.urls"
WSGI_APPLICATION = "cchc_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.web.context.portal",
            ],
            "builtins": ["reports.templatetags.owned_forms"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
#: templates/portal: fields of forms laid out for people, in the portal's own markup.
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "portal"
CRISPY_FAIL_SILENTLY = False

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions take the write lock at BEGIN, so a read-then-write never fails with
    # "database is locked"; WAL lets readers go on meanwhile.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 300
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "reports.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
CSRF_FAILURE_VIEW = "reports.web.page_owner.csrf_failure"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["cchc_portal.formats"]
# True would group years, codes and addresses too; numbers are grouped by `vietnamese` alone.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / ".setup" / "assets",  # made of static/css and static/js by ./run
    ("img", BASE_DIR / "static" / "img"),
    ("vendor/tinos", BASE_DIR / "node_modules" / "@fontsource" / "tinos" / "files"),
    ("guides", BASE_DIR / "docs" / "pictures"),
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # What everybody may read, also a server that stands in front; all else is the portal's own.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "map", "woff", "woff2")
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A section page posts every figure and row at once when scripts are off; a pasted block of three
# hundred rows comes with the texts it was based on.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

#: What people send is readable by the portal's account alone; `wsgi` and `manage.py` see to all else.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
#: Files of evidence: where they stand, the largest, how many and how large together a report holds.
EVIDENCE_DIR = VAR_DIR / "evidence"
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
EVIDENCE_MAX_FILES = 60
EVIDENCE_MAX_TOTAL_BYTES = 200 * 1024 * 1024
#: What one request may bring with files: several at a time. A proxy's limit should be the same.
UPLOAD_MAX_BYTES = 64 * 1024 * 1024

#: Exports of whole periods: where their files stand, and for how many days.
EXPORT_DIR = VAR_DIR / "exports"
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)
#: Seconds without a sign of life after which a worker's row is given to another. One paper may take
#: PAPER_WAIT_SECONDS, so it is longer than that.
QUEUE_LEASE_SECONDS = env.int("QUEUE_LEASE_SECONDS", default=90)

#: Seconds of processor time and bytes of memory that one paper may cost its child process, and the
#: seconds a request waits for it.
PAPER_CPU_SECONDS = 20
PAPER_MEMORY_BYTES = 1024**3
PAPER_WAIT_SECONDS = 60
#: Seconds that a request waits for its turn at the press before its page is told to ask again.
PAPER_TURN_SECONDS = 5
#: One locked file for each person whose heavy request is being answered.
TURN_DIR = VAR_DIR / "turns"

#: A folder of certificates, PEM or DER, whose holders are trusted to have issued those of signers;
#: "" trusts nobody, and every signature is shown as of an unknown issuer.
SIGNATURE_ROOTS = env.str("SIGNATURE_ROOTS", default="")
#: What reading the signatures of one PDF may cost its child process, and how long a request waits.
SIGNATURE_CPU_SECONDS = 15
SIGNATURE_MEMORY_BYTES = 1024**3
SIGNATURE_WAIT_SECONDS = 30
#: The same for one Excel form brought back; memory counts what the interpreter reserves, not only uses.
WORKBOOK_CPU_SECONDS = 10
WORKBOOK_MEMORY_BYTES = 768 * 1024**2
WORKBOOK_WAIT_SECONDS = 30
#: The same for telling what one file of evidence is: a picture's parts, a package's entries.
FILE_CPU_SECONDS = 10
FILE_MEMORY_BYTES = 768 * 1024**2
FILE_WAIT_SECONDS = 30
#: Where mail goes: `smtp+tls://user:password@host:587`. Without it only a demonstration writes letters,
#: to the worker's console; elsewhere people are told in the portal alone.
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://" if DEMO or DEBUG else "")
MAIL = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Báo cáo CCHC <khong-tra-loi@localhost>")
#: How the portal is reached from a mailbox; the request's own Host header is never believed for that.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000" if DEMO or DEBUG else "").rstrip(
    "/"
)
#: Whom to ask at the login page: `Phòng Công nghệ thông tin, điện thoại …`.
SUPPORT = env.str("SUPPORT", default="")
#: Days before (-) and after the deadline on which whoever has not sent is reminded; the digest's hour.
REMINDER_DAYS = env.list("REMINDER_DAYS", cast=int, default=[-5, -1, 1, 3])
DIGEST_HOUR = env.int("DIGEST_HOUR", default=7)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # fontTools tells each table it drops when a font is subset.
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}
