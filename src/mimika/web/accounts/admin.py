"""People in the administration: how much they do, not what."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest

from mimika.web.accounts.models import SignIn, User

if TYPE_CHECKING:  # types only for type checkers: Django's classes take no parameter
    Inline = admin.TabularInline[SignIn, User]
    Base = UserAdmin[User]
else:
    Inline = admin.TabularInline
    Base = UserAdmin

USE = ("computations", "first_used", "last_used")


class SignInInline(Inline):
    """When somebody signed in; to read."""

    model = SignIn
    fields = readonly_fields = ("at", "address", "agent")
    extra = 0
    can_delete = False

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """They come from signing in only."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Nobody may change one."""
        return False


@admin.register(User)
class PersonAdmin(Base):
    """Accounts; neither pictures nor what people say of themselves is shown."""

    list_display = (
        "username",
        "email",
        *USE,
        "results",
        "date_joined",
        "is_active",
        "is_staff",
    )
    list_filter = (*UserAdmin.list_filter, "date_joined", "last_used")
    search_fields = ("username", "email", "first_name", "last_name")
    date_hierarchy = "date_joined"
    ordering = ("-date_joined",)
    readonly_fields = (*USE, "results", "last_login", "date_joined")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Use", {"fields": (*USE, "results")}),
    )
    # With the address, which is unique: a second one without could not be stored.
    add_fieldsets = (
        (None, {"fields": ("username", "email", "password1", "password2")}),
    )
    inlines = (SignInInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People with the number of their results."""
        return super().get_queryset(request).annotate(kept=Count("analyses"))

    @admin.display(ordering="kept")
    def results(self, person: User) -> int:
        """How many results somebody keeps."""
        return cast(int, getattr(person, "kept", 0))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        """None on the page where an account is added."""
        return list(super().get_inlines(request, obj)) if obj else []

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What goes with somebody.

        Whoever may delete people may delete all that is theirs, even though nobody may
        delete one result alone. Listed are only names: the rest is private.
        """
        _, counts, _, protected = super().get_deleted_objects(objs, request)
        people = [str(person) for person in objs]
        return people, dict(counts), set(), list(protected)
