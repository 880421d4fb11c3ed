"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from mimika.web import views
from mimika.web.accounts import limits
from mimika.web.throttles.limits import limited

# The administration has a login form of its own; it falls under the same limits.
staff_login = limited(limits.sign_in, free_when_done=True)(admin.site.login)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.health, name="health"),
    path("favicon.ico", views.icon, name="icon"),
    path("accounts/", include("mimika.web.accounts.urls")),
    path("about/", include("mimika.web.about.urls")),
    path("accounts/me/", include("mimika.web.belongings.urls")),
    path("analyses/", include("mimika.web.analyses.urls")),
    path("live/", include("mimika.web.live.urls")),
    path("admin/login/", staff_login, name="staff-login"),
    path("admin/", admin.site.urls),
]

handler400 = "mimika.web.views.bad_request"
