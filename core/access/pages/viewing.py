"""Looking as a role, and leaving."""

from flask import redirect, request
from werkzeug.wrappers import Response

from core.access import viewing
from core.access.pages.blueprint import pages, say
from core.access.permissions import requires, signed_in
from core.language import _


@pages.post("/roles/view")
@requires("core.roles")
def view_as() -> Response:
    """See the menu and the pages as a role of the partner sees them."""
    role = viewing.begin(request.form.get("role", ""))
    say(_("You are looking as “%(role)s”: nothing is written.", role=role.label))
    return redirect("/", 303)


@pages.post("/roles/leave")
@signed_in
def leave_view() -> Response:
    """Be oneself again."""
    viewing.leave()
    return redirect("/", 303)
