"""The settings of `mimika web --production`: for the world outside.

Nothing is made up: without a secret key and the names under which it is reached it
does not start. A proxy speaks https to the world and passes X-Forwarded-Proto on.
"""

from django.core.exceptions import ImproperlyConfigured

from mimika.web.settings.base import env

LEAST_LENGTH = 50  # of the secret key, as Django's own check has it


def _required(name: str, hint: str) -> str:
    """A setting that has to be there.

    Raises:
        ImproperlyConfigured: it is not.
    """
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; {hint}")
    return value


_KEY = _required(
    "MIMIKA_SECRET_KEY",
    "give it (or a file with it, by MIMIKA_SECRET_KEY_FILE) at least "
    f"{LEAST_LENGTH} random characters that only the servers know",
)
if len(_KEY) < LEAST_LENGTH:
    raise ImproperlyConfigured(
        f"MIMIKA_SECRET_KEY has {len(_KEY)} characters; expected at least "
        f"{LEAST_LENGTH} random ones"
    )
_required(
    "MIMIKA_ALLOWED_HOSTS",
    "name the hosts under which the application is reached, separated by commas",
)

from mimika.web.settings.local import *  # noqa: E402, F403  not before the checks

DEBUG = False
BEHIND_PROXY = True  # which also says who asks
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]  # containers ask without a proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
