"""What gives much away, or cannot easily be undone, is done only by who showed just now that it is them."""

from datetime import timedelta

from sqlalchemy import update

from core.access.models import SignIn
from core.access.permissions import needs_fresh_sign_in
from core.database.field import now
from core.database.scope import Scope
from core.testing.demo_network import HEAD_OF_COOPERATIVE, PASSWORD, hidden

DANGEROUS = {
    "access.add_member", "access.change_roles", "access.remove_member", "access.invite_again", "access.save_matrix",
    "access.register_partner", "access.switch_partner", "access.issue_token", "modules.turn_on", "modules.turn_off",
    "network_modules.act", "network_modules.try_upgrade",
}  # fmt: skip


def test_a_list_leaves_in_a_file_only_after_a_fresh_sign_in(app, client_of):
    client = client_of(HEAD_OF_COOPERATIVE)
    earlier = update(SignIn).values(confirmed_at=now() - timedelta(seconds=300))
    app.extensions["database"].run(Scope(operator=True, reason="tests"), lambda session: session.execute(earlier))

    asked = client.get("/people/export.csv?q=a")
    form = client.get(asked.location)
    sent = {**hidden(form.text), "confirm-password": PASSWORD}
    confirmed = client.post(asked.location, data=sent)
    file = client.get(confirmed.location)

    assert (asked.status_code, asked.location) == (303, "/me/confirm?next=/people/export.csv%3Fq%3Da")
    assert (confirmed.status_code, confirmed.location) == (303, "/people/export.csv?q=a")
    assert file.mimetype == "text/csv"


def test_every_dangerous_view_wears_the_mark(app):
    exports = {name for name in app.view_functions if name.startswith("pages-") and name.endswith("-export")}
    unmarked = {name for name in exports | DANGEROUS if not needs_fresh_sign_in(app.view_functions[name])}

    assert len(exports) > 10
    assert unmarked == set()


def test_no_endpoint_of_the_api_does_what_asks_for_a_password(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}

    assert {name for name in endpoints if needs_fresh_sign_in(app.view_functions[name])} == set()
