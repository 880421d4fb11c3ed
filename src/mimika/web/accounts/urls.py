"""Addresses under /accounts/."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from mimika.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("register/", views.register, name="register"),
    path(
        "login/",
        LoginView.as_view(
            template_name="accounts/login.html", redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("me/", views.account, name="account"),
]
