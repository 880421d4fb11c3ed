"""The settings of `mimika web --production`: for the world outside.

Nothing is made up: without a secret key and the names under which it is reached it
does not start. A proxy speaks https to the world and passes X-Forwarded-Proto on.
"""

from django.core.exceptions import ImproperlyConfigured

from mimika.web.settings.base import env
from mimika.web.settings.reading import several

# of the secret key, as Django's own check has it
LEAST_LENGTH, LEAST_DIFFERENT = 50, 5


def _checked_key() -> None:
    """Looks at the secret key.

    Raises:
        ImproperlyConfigured: it is missing or can be guessed.
    """
    key: str = env.str("MIMIKA_SECRET_KEY", default="").strip()
    if not key:
        raise ImproperlyConfigured(
            "MIMIKA_SECRET_KEY is not set; give it (or a file with it, by "
            f"MIMIKA_SECRET_KEY_FILE) at least {LEAST_LENGTH} random characters that "
            "only the servers know"
        )
    if len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DIFFERENT:
        raise ImproperlyConfigured(
            f"MIMIKA_SECRET_KEY has {len(key)} characters, {len(set(key))} of them "
            f"different; expected at least {LEAST_LENGTH} random ones"
        )


def _checked_hosts() -> None:
    """Looks for the names under which the application is reached.

    Raises:
        ImproperlyConfigured: there is none.
    """
    if not several(env, "MIMIKA_ALLOWED_HOSTS", default=()):
        raise ImproperlyConfigured(
            "MIMIKA_ALLOWED_HOSTS is not set; name the hosts under which the "
            "application is reached, separated by commas"
        )


_checked_key()
_checked_hosts()

from mimika.web.settings.local import *  # noqa: E402, F403  not before the checks

DEBUG = False
BEHIND_PROXY = True  # which also says who asks
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]  # containers ask without a proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
