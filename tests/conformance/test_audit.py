"""The audit trail, as the database itself guards it."""

import pytest
from sqlalchemy import text

from core.database.scope import Scope


def test_the_audit_trail_is_refused_to_the_eraser_by_the_database_itself(app):
    database = app.extensions["database"]
    operator = Scope(operator=True, actor="tests", reason="tests")
    for statement in ("delete from audit_change", "update audit_change set actor = 'nobody'"):
        with database.session(operator) as session, pytest.raises(Exception, match=r"append-only|permission denied"):
            session.execute(text(statement))
