"""Addresses under /accounts/me/."""

from django.urls import path

from mimika.web.belongings import views

app_name = "belongings"
urlpatterns = [
    path("data.zip", views.download, name="download"),
    path("delete/", views.delete, name="delete"),
]
