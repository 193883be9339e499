"""Members of a partner, and what its roles may do."""

from uuid import UUID

import pytest
from sqlalchemy import select

from core.access import members, tokens
from core.access.models import Membership, Role, RolePermission, User
from core.access.permissions import Permission
from core.access.plugin import role_presets
from core.access.roles import Rights, deviations, effective_permissions, is_fixed, save_matrix
from core.access.sessions import open_visits
from core.access.sign_in import sign_in
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.database.trail import Change
from core.refusals import NotFound, Refusal

from .conftest import NOON, PASSWORD, Join

PRESETS = {
    "sysadmin": ["core.*"],
    "org_manager": ["core.members", "core.roles", "people.*"],
    "operator": ["people.see", "housing.*"],
    "auditor": [],
}
DECLARED = {
    "core.members": "", "core.roles": "", "core.partners": "", "people.see": "", "people.remove": "",
    "housing.dwellings.see": "housing",
}  # fmt: skip
RIGHTS = Rights(PRESETS, tuple(Permission(key, key) for key in DECLARED), DECLARED, {"housing": "Housing"})


def may(session: ScopedSession, *roles: str, modules: set[str] | None = None) -> frozenset[str]:
    return effective_permissions(roles, PRESETS, DECLARED, modules or set(), deviations(session))


def test_presets_give_what_their_patterns_cover(session: ScopedSession) -> None:
    assert may(session, "operator") == {"people.see"}
    assert may(session, "operator", modules={"housing"}) == {"people.see", "housing.dwellings.see"}
    assert may(session, "auditor") == may(session) == frozenset()


def test_two_roles_may_what_either_may(session: ScopedSession) -> None:
    assert may(session, "operator", "org_manager") == {"core.members", "core.roles", "people.see", "people.remove"}


def test_a_partner_gives_and_takes(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.OPERATOR, permission="people.see", allowed=False))
    session.add(RolePermission(role=Role.OPERATOR, permission="people.remove", allowed=True))
    session.flush()

    assert may(session, "operator") == {"people.remove"}
    assert may(session, "org_manager") >= {"people.see"}


def test_what_one_role_lost_another_still_gives(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.OPERATOR, permission="people.see", allowed=False))
    session.flush()

    assert "people.see" in may(session, "operator", "org_manager")


def test_a_deviation_for_what_no_code_declares_gives_nothing(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.OPERATOR, permission="gone.see", allowed=True))
    session.flush()

    assert "gone.see" not in may(session, "operator", modules={"gone"})


def test_a_partner_cannot_give_itself_the_network(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.ORG_MANAGER, permission="core.partners", allowed=True))
    session.flush()

    assert "core.partners" not in may(session, "org_manager")


def test_heads_cannot_lock_themselves_out(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.ORG_MANAGER, permission="core.members", allowed=False))
    session.flush()

    assert "core.members" in may(session, "org_manager")
    assert not is_fixed("operator", "core.members", PRESETS)


def test_the_matrix_keeps_only_what_differs(session: ScopedSession) -> None:
    presets = {(role, key) for role in PRESETS for key in DECLARED if key in may(session, role, modules={"housing"})}
    ticked = (presets | {("auditor", "people.see")}) - {("operator", "people.see")}

    changed = save_matrix(session, ticked, shown=list(DECLARED), rights=RIGHTS)

    kept = {(str(row.role), row.permission, row.allowed) for row in session.scalars(select(RolePermission))}
    assert kept == {("auditor", "people.see", True), ("operator", "people.see", False)}
    assert changed == 2


def test_going_back_to_the_preset_leaves_no_row(session: ScopedSession) -> None:
    save_matrix(
        session,
        {("auditor", "people.see"), ("org_manager", "people.see"), ("operator", "people.see")},
        shown=["people.see"],
        rights=RIGHTS,
    )
    save_matrix(
        session, {("org_manager", "people.see"), ("operator", "people.see")}, shown=["people.see"], rights=RIGHTS
    )

    assert session.scalars(select(RolePermission)).all() == []


def test_what_was_not_on_the_page_stays(session: ScopedSession) -> None:
    session.add(RolePermission(role=Role.OPERATOR, permission="housing.dwellings.see", allowed=False))
    session.flush()

    save_matrix(session, set(), shown=["people.remove"], rights=RIGHTS)

    assert "housing.dwellings.see" not in may(session, "operator", modules={"housing"})


def test_the_matrix_writes_the_audit_trail(database: Database, partner: UUID, session: ScopedSession) -> None:
    session.rollback()
    scope = Scope(partner_id=partner, actor="Ada Blu")
    database.run(scope, lambda s: save_matrix(s, {("auditor", "people.see")}, shown=["people.see"], rights=RIGHTS))

    lines = database.run(
        scope, lambda s: s.scalars(select(Change).where(Change.entity == "access_role_permission")).all()
    )

    assert {line.fields["role"][1] for line in lines} == {"auditor", "operator", "org_manager"}


def test_a_permission_that_does_not_exist_is_refused(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="no permission"):
        save_matrix(session, set(), shown=["made.up"], rights=RIGHTS)


def test_auditors_see_no_names_from_the_start() -> None:
    assert role_presets()["auditor"] == []


def test_members_are_listed_by_name_with_their_roles(session: ScopedSession, maria: UUID) -> None:
    members.add_member(session, email="ada@ponte.example", name="Ada Blu", roles=[Role.AUDITOR, Role.ORG_MANAGER])

    listed = [(user.name, roles) for user, roles in members.members_of(session)]

    assert listed == [("Ada Blu", [Role.ORG_MANAGER, Role.AUDITOR]), ("Maria Bertoli", [Role.OPERATOR])]


def test_another_partners_member_does_not_exist_here(database: Database, maria: UUID, neighbour: UUID) -> None:
    with database.session(Scope(partner_id=neighbour)) as session:
        assert members.members_of(session) == []
        for work in (
            lambda: members.member(session, maria),
            lambda: members.set_roles(session, maria, roles=[Role.AUDITOR]),
            lambda: members.remove_member(session, maria),
        ):
            with pytest.raises(NotFound, match="no such member"):
                work()


def test_who_has_an_account_joins_with_it_and_keeps_the_name(
    database: Database, join: Join, maria: UUID, neighbour: UUID
) -> None:
    assert join(neighbour, "Maria@ponte.example", Role.AUDITOR, name="Somebody Else") == maria
    with database.session(Scope(partner_id=neighbour)) as session:
        assert [(user.name, roles) for user, roles in members.members_of(session)] == [
            ("Maria Bertoli", [Role.AUDITOR])
        ]


def test_nobody_joins_twice(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="member already"):
        members.add_member(session, email="maria@ponte.example", name="Maria", roles=[Role.AUDITOR])


def test_nobody_joins_without_a_role(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="at least one role"):
        members.add_member(session, email="ada@ponte.example", name="Ada", roles=[])


@pytest.mark.parametrize("roles", [[Role.SYSADMIN], [Role.OPERATOR, Role.SYSADMIN]])
def test_a_partner_appoints_no_system_administrator(session: ScopedSession, maria: UUID, roles: list[Role]) -> None:
    with pytest.raises(Refusal, match="system administrators"):
        members.set_roles(session, maria, roles=roles)
    with pytest.raises(Refusal, match="system administrators"):
        members.add_member(session, email="ada@ponte.example", name="Ada", roles=roles)


def test_other_roles_end_the_members_visits_here_alone(
    session: ScopedSession, user: User, join: Join, neighbour: UUID
) -> None:
    sign_in(session, email=user.email, password=PASSWORD, address="", at=NOON)
    there, _token = sign_in(session, email=user.email, password=PASSWORD, address="", at=NOON)
    there.partner_id = neighbour
    session.flush()

    members.set_roles(session, user.id, roles=[Role.ACCOUNTANT])

    assert open_visits(session, user.id, at=NOON) == [there]
    assert members.member(session, user.id)[1] == [Role.ACCOUNTANT]


def test_the_last_head_stays(session: ScopedSession, maria: UUID) -> None:
    members.set_roles(session, maria, roles=[Role.ORG_MANAGER])

    with pytest.raises(Refusal, match="head of the organisation"):
        members.set_roles(session, maria, roles=[Role.OPERATOR])
    with pytest.raises(Refusal, match="head of the organisation"):
        members.remove_member(session, maria)


def test_with_a_second_head_the_first_may_go(session: ScopedSession, maria: UUID) -> None:
    members.set_roles(session, maria, roles=[Role.ORG_MANAGER])
    members.add_member(session, email="ada@ponte.example", name="Ada", roles=[Role.ORG_MANAGER])

    members.remove_member(session, maria)

    assert [user.name for user, _roles in members.members_of(session)] == ["Ada"]


def test_removing_a_member_keeps_the_account_and_the_other_partner(
    database: Database, join: Join, maria: UUID, partner: UUID, neighbour: UUID
) -> None:
    join(neighbour, "maria@ponte.example")

    database.run(Scope(partner_id=partner), lambda session: members.remove_member(session, maria))

    with database.session(Scope()) as session:
        assert session.scalars(select(Membership.partner_id)).all() == [neighbour]
        assert session.get_one(User, maria).active


def test_a_token_lasts_a_year_at_most_and_is_for_ones_own_partner(
    session: ScopedSession, user: User, partner: UUID, neighbour: UUID
) -> None:
    for days in (0, 366):
        with pytest.raises(Refusal, match="from 1 to 365"):
            tokens.issue_token(session, user, partner_id=partner, label="accounts", days=days)
    with pytest.raises(NotFound):
        tokens.issue_token(session, user, partner_id=neighbour, label="accounts")
    with pytest.raises(Refusal, match="what will use"):
        tokens.issue_token(session, user, partner_id=partner, label=" ")


def test_nobody_revokes_anothers_token(session: ScopedSession, user: User, partner: UUID) -> None:
    token, _text = tokens.issue_token(session, user, partner_id=partner, label="accounts")

    with pytest.raises(NotFound):
        tokens.revoke_token(session, UUID(int=7), token.id)

    assert tokens.tokens_of(session, user.id) == [token]


def test_neither_password_nor_token_stands_in_the_audit_trail(
    database: Database, join: Join, partner: UUID, maria: UUID
) -> None:
    scope = Scope(partner_id=partner)
    database.run(
        scope, lambda session: tokens.issue_token(session, session.get_one(User, maria), partner_id=partner, label="x")
    )

    lines = database.run(scope, lambda session: session.scalars(select(Change)).all())

    assert {line.entity for line in lines} >= {"access_user", "access_membership", "access_token"}
    assert not [line for line in lines if {"password_hash", "token_hash"} & line.fields.keys()]
