"""Addresses under /about/."""

from django.urls import path

from mimika.web.about import views

app_name = "about"
urlpatterns = [path("model/", views.model, name="model")]
