"""Addresses under /analyses/."""

from django.urls import path

from mimika.web.analyses import actions, downloads, statistics, views
from mimika.web.analyses.files import NAMES

app_name = "analyses"
ONE = "<uuid:analysis_id>/"
urlpatterns = [
    path("", views.history, name="history"),
    path("new/", views.new, name="new"),
    path("statistics/", statistics.page, name="statistics"),
    path("delete/", actions.delete_several, name="delete_several"),
    path("results.csv", downloads.save_table, name="csv"),
    path("results.zip", downloads.save_everything, name="zip"),
    path(ONE, views.detail, name="detail"),
    path(f"{ONE}status/", views.status, name="status"),
    path(f"{ONE}card/", views.card, name="card"),
    path(f"{ONE}again/", actions.try_again, name="again"),
    path(f"{ONE}delete/", actions.delete, name="delete"),
    path(f"{ONE}faces/<int:number>/", actions.say_opinion, name="opinion"),
    path(f"{ONE}faces/<int:number>/heat.png", downloads.heat, name="heat"),
    *(
        path(f"{ONE}{name}.jpg", downloads.picture, {"name": name}, name=name)
        for name in NAMES
    ),
    *(
        path(f"{ONE}result.{form}", downloads.save, {"form": form}, name=form)
        for form in downloads.WRITERS
    ),
]
