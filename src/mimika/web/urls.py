"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from mimika.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.health, name="health"),
    path("accounts/", include("mimika.web.accounts.urls")),
    path("about/", include("mimika.web.about.urls")),
    path("analyses/", include("mimika.web.analyses.urls")),
    path("admin/", admin.site.urls),
]
