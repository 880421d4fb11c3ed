"""Addresses under /accounts/."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from mimika.web.accounts import limits, passwords, views
from mimika.web.throttles.limits import limited

app_name = "accounts"
urlpatterns = [
    path("register/", views.register, name="register"),
    path(
        "login/",
        limited(limits.sign_in, free_when_done=True)(
            LoginView.as_view(
                template_name="accounts/login.html", redirect_authenticated_user=True
            )
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("me/", views.account, name="account"),
    path("me/edit/", views.edit, name="edit"),
    path("me/picture.jpg", views.picture, name="picture"),
    path(
        "me/password/",
        limited(limits.own_password, free_when_done=True)(passwords.Change.as_view()),
        name="password-change",
    ),
    path("reset/", limited(limits.reset)(passwords.Reset.as_view()), name="reset"),
    path("reset/sent/", passwords.ResetSent.as_view(), name="reset-sent"),
    path(
        "reset/<uidb64>/<token>/",
        passwords.ResetConfirm.as_view(),
        name="reset-confirm",
    ),
]
