"""Addresses under /live/."""

from django.urls import path

from mimika.web.live import views

app_name = "live"
urlpatterns = [path("", views.live, name="live")]
