"""What all settings share. Reading it touches no disk.

Every setting that people may change is read from the environment here or in
`production.py`; `docs/web.md` lists them. A name followed by `_FILE` gives the path of
a file that holds the value, as container secrets do.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as kinds

from mimika.core.home import home_folder
from mimika.core.images import DEFAULT_LIMITS
from mimika.web.live.headers import add_static_headers
from mimika.web.settings.reading import (
    address,
    count,
    days,
    email,
    flag,
    level,
    seconds,
    several,
)

env = environ.FileAwareEnv()

WEB = Path(__file__).resolve().parents[1]
HOME = home_folder(env.ENVIRON)
MEDIA_ROOT = HOME / "media"

DEBUG = flag(env, "MIMIKA_DEBUG")
LOG_LEVEL = level(env, "MIMIKA_LOG_LEVEL", default="INFO")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = several(env, "MIMIKA_ALLOWED_HOSTS", default=LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = several(env, "MIMIKA_TRUSTED_ORIGINS", default=())

MIMIKA_SERVICE_URL = address(env, "MIMIKA_SERVICE_URL", "http://127.0.0.1:8100")
MIMIKA_SERVICE_KEY = env("MIMIKA_SERVICE_KEY", default="") or None
MIMIKA_SERVICE_ADMIN_KEY = env("MIMIKA_SERVICE_ADMIN_KEY", default="") or None
MIMIKA_SERVICE_TIMEOUT_S = seconds(env, "MIMIKA_SERVICE_TIMEOUT_S", default=30.0)

MIMIKA_KEEP_DAYS = days(env, "MIMIKA_KEEP_DAYS")
# How often each may be tried in an hour: see `throttles.bucket`.
THROTTLES_PER_HOUR = {
    # wrong passwords: by name and address together, so that nobody locks others out
    "sign_in_by_name": count(env, "MIMIKA_SIGN_IN_FAILURES_PER_HOUR", default=10),
    "sign_in_by_address": count(env, "MIMIKA_SIGN_IN_FAILURES_PER_ADDRESS", default=50),
    "register": count(env, "MIMIKA_REGISTRATIONS_PER_HOUR", default=20),
    "reset_by_email": count(env, "MIMIKA_RESETS_PER_HOUR", default=5),
    "reset_by_address": count(env, "MIMIKA_RESETS_PER_ADDRESS", default=20),
    "uploads": count(env, "MIMIKA_UPLOADS_PER_HOUR", default=300),
}
BEHIND_PROXY = False  # whether X-Forwarded-For is believed

vars().update(email(env, "EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = (
    env.str("MIMIKA_EMAIL_FROM", default="").strip() or "mimika@localhost"
)

INSTALLED_APPS = [
    "mimika.web.about",
    "mimika.web.throttles",
    "mimika.web.accounts",
    "mimika.web.analyses",
    "mimika.web.belongings",
    "mimika.web.live",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mimika.web.request_id.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "mimika.web.headers.HeadersMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mimika.web.urls"
WSGI_APPLICATION = "mimika.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"frame": "mimika.web.frame"},
        },
    },
]
FORM_RENDERER = "mimika.web.bootstrap.BootstrapRenderer"
MESSAGE_TAGS = {kinds.ERROR: "danger", kinds.DEBUG: "secondary"}  # Bootstrap's names

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_RESET_TIMEOUT = 3600  # the mail says so
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATORS + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATORS + "MinimumLengthValidator"},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": _VALIDATORS + "NumericPasswordValidator"},
]

# Pictures are cut off at the limit and checked before they touch the disk.
FILE_UPLOAD_HANDLERS = [
    "mimika.web.uploads.CuttingUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = DEFAULT_LIMITS.max_bytes

X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mimika.web.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: for the tick, arrow and cross that Bootstrap's style sheet holds.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mimika.web.live.networks.NetworksFinder",
]
WHITENOISE_USE_FINDERS = True  # served from the package: nothing to collect
WHITENOISE_MAX_AGE = 600
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("MIMIKA_TIME_ZONE", default="UTC")
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
