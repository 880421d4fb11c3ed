"""The settings of `mimika web`: safe as they are for one machine's own use.

Nothing has to be set. The secret key is made once and kept in `MIMIKA_HOME`; the
database is a SQLite file there unless `DATABASE_URL` names another.
"""

from mimika.web.logs import logging_config
from mimika.web.settings.base import *  # noqa: F403  settings are meant to be layered
from mimika.web.settings.base import HOME, LOG_LEVEL, env
from mimika.web.settings.databases import sqlite
from mimika.web.settings.reading import flag
from mimika.web.state import prepare_home, stored_secret

prepare_home(HOME)

SECRET_KEY = env.str("MIMIKA_SECRET_KEY", default="").strip() or stored_secret(HOME)

DATABASES = {
    "default": env.db_url("DATABASE_URL")
    if env.str("DATABASE_URL", "")
    else sqlite(HOME / "db.sqlite3")
}

LOGGING = logging_config(LOG_LEVEL, HOME / "logs" / "web.log")

# Behind a proxy that speaks https to the world and passes X-Forwarded-Proto and
# X-Forwarded-For on.
HTTPS = flag(env, "MIMIKA_HTTPS")
BEHIND_PROXY = HTTPS or flag(env, "MIMIKA_PROXY")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
# W005, W021: whether https holds for every name below ours is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
