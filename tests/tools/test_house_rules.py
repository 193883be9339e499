"""What `make check` refuses beyond the linters."""

from pathlib import Path

import pytest

from tools.house_rules import breaches_of


@pytest.mark.parametrize(
    ("file", "text", "refused"),
    [
        ("core/people/services.py", "session.commit()", True),
        ("core/database/session.py", "session.commit()", False),
        ("core/web/rendering.py", 'Markup(f"<b>{name}</b>")', True),
        ("core/web/rendering.py", 'Markup("<b>%s</b>") % name', False),
        ("core/web/templates/page.html", "{{ name | safe }}", True),
        ("core/web/templates/page.html", '<p style="color: red">', True),
        ("core/web/templates/page.html", '{{ card(home, style="quiet") }}', False),
        ("core/web/templates/page.html", "<script>alert(1)</script>", True),
        ("core/web/templates/page.html", '<script src="/static/app.js" defer></script>', False),
        ("requirements.lock", "--index-url somewhere", True),
        ("core/web/package-lock.json", '"resolved": "https://example.org/htmx.tgz"', True),
        ("core/people/models.py", "\n" * 400, False),
        ("core/people/models.py", "\n" * 401, True),
    ],
)
def test_a_breach_is_named_with_its_file(file: str, text: str, *, refused: bool) -> None:
    found = list(breaches_of(Path(file), text.splitlines()))

    assert bool(found) is refused
    assert all(line.startswith(file) for line in found)
