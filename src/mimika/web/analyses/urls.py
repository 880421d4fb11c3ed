"""Addresses under /analyses/."""

from django.urls import path

from mimika.web.analyses import views
from mimika.web.analyses.files import NAMES

app_name = "analyses"
urlpatterns = [
    path("", views.history, name="history"),
    path("new/", views.new, name="new"),
    path("<uuid:analysis_id>/", views.detail, name="detail"),
    *(
        path(f"<uuid:analysis_id>/{name}.jpg", views.picture, {"name": name}, name=name)
        for name in NAMES
    ),
]
