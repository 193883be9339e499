"""Sealed fields open in their own place and with their own key, and with nothing else."""

# ruff: noqa: F811  fixtures are asked for by the names they are imported by

from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text, update

from core.access.users import register_user
from core.cli import main_group
from core.cli.context import Context
from core.config import WrongSetting, read_settings
from core.database import sealing
from core.database.scope import Scope
from core.database.sealing import CannotOpen, Seals, name_of, refuse_foreign_seals, rotate_some, seal, unseal
from core.database.session import Database
from core.drafts.models import Draft
from core.drafts.services import keep_draft, typed_in
from core.testing.two_partners import database, neighbour, partner, settings  # noqa: F401  fixtures

OLD, NEW, OTHER = (bytes([n]) * 32 for n in (1, 2, 3))
PLACE = f"drafts_draft|sealed|{UUID(int=1)}"
SEALED = Draft.__table__.c.sealed


def test_what_is_closed_comes_back_and_is_never_closed_alike_twice():
    seals = Seals((OLD,))
    once, again = seals.close("perché no?", PLACE), seals.close("perché no?", PLACE)

    assert seals.open(once, PLACE) == seals.open(again, PLACE) == "perché no?"
    assert once != again
    assert once.startswith(f"v1.{name_of(OLD)}.")


@pytest.mark.parametrize("place", [
    f"drafts_draft|sealed|{UUID(int=2)}", f"drafts_draft|page|{UUID(int=1)}", f"other|sealed|{UUID(int=1)}", "",
])  # fmt: skip
def test_moved_to_another_row_column_or_table_it_does_not_open(place):
    seals = Seals((OLD,))

    with pytest.raises(CannotOpen):
        seals.open(seals.close("secret", PLACE), place)


def test_one_changed_letter_is_noticed_wherever_it_stands():
    seals = Seals((OLD,))
    sealed = seals.close("secret", PLACE)

    for n, letter in enumerate(sealed):
        changed = sealed[:n] + ("A" if letter != "A" else "B") + sealed[n + 1 :]
        if n == len(sealed) - 1:  # the last letter's lowest bits belong to no byte
            continue
        with pytest.raises(CannotOpen):
            seals.open(changed, PLACE)


def test_only_the_key_that_closed_it_opens_it():
    sealed = Seals((OLD,)).close("secret", PLACE)

    assert Seals((NEW, OLD)).open(sealed, PLACE) == "secret"
    with pytest.raises(CannotOpen):
        Seals((NEW,)).open(sealed, PLACE)


@pytest.mark.parametrize("text", ["", "v1", "v1.a.b", "v1.a.b.c.d", "gAAAAABm", "v2.x.y.z"])
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(CannotOpen):
        Seals((OLD,)).open(text, PLACE)


def test_without_a_key_nothing_is_written_in_clear_instead():
    with pytest.raises(WrongSetting, match="FIELD_KEYS is missing"):
        Seals().close("secret", PLACE)


@pytest.fixture
def scope(database, partner):
    user = database.run(Scope(partner_id=partner), lambda s: register_user(s, email="ada@example.org", name="Ada").id)
    return Scope(partner_id=partner, user_id=user)


def with_keys(database, *keys):
    database.seals = Seals(keys)
    return database


def keep(database, scope, count):
    """So many drafts, each with a canary; what the table holds of them."""
    for n in range(count):
        database.run(scope, lambda session, n=n: keep_draft(session, f"/page/{n}", fields=[("note", f"canarino {n}")]))
    return texts(database)


def texts(database):
    with database.session(Scope(operator=True, reason="tests"), writes=False) as session:
        return list(session.scalars(select(SEALED).order_by(Draft.__table__.c.id)))


def test_the_table_holds_no_canary_and_swapped_texts_do_not_open(database, scope):
    held = keep(with_keys(database, OLD), scope, 20)

    with database.session(scope) as session:
        first, second = session.scalars(select(Draft).order_by(Draft.id).limit(2))
        first.sealed, second.sealed = second.sealed, first.sealed

        assert not any("canarino" in one for one in held)
        with pytest.raises(CannotOpen):
            unseal(session, first, "sealed")
        assert typed_in(session, second) == []


def test_a_record_without_a_key_yet_is_given_one_before_it_is_sealed(database, scope):
    with with_keys(database, OLD).session(scope) as session:
        draft = Draft(user_id=scope.user_id, page="/x")
        seal(session, draft, "sealed", "secret")
        session.add(draft)
        session.flush()

        assert unseal(session, draft, "sealed") == "secret"


def operator_step(database, after, at_once):
    scope = Scope(operator=True, reason="keys rotated")
    return database.run(scope, lambda session: rotate_some(session, SEALED, after=after, at_once=at_once))


def test_a_rotation_that_was_killed_goes_on_and_leaves_the_old_key_with_nothing(database, scope):
    keep(with_keys(database, OLD), scope, 5)
    with_keys(database, NEW, OLD)

    operator_step(database, None, 2)  # killed here
    half = [one.split(".")[1] for one in texts(database)]
    database.close()
    step = operator_step(database, None, 2)
    step = operator_step(database, step.last, 2)
    end = operator_step(database, step.last, 2)

    assert sorted(half) == sorted([name_of(NEW)] * 2 + [name_of(OLD)] * 3)
    assert (end.closed, end.last) == (0, None)
    assert {one.split(".")[1] for one in texts(database)} == {name_of(NEW)}
    with with_keys(database, NEW).session(scope, writes=False) as session:
        assert [typed_in(session, draft) for draft in session.scalars(select(Draft).order_by(Draft.page))] == [
            [("note", f"canarino {n}")] for n in range(5)
        ]


def test_a_text_that_was_tampered_with_holds_up_no_rotation(database, scope):
    keep(with_keys(database, OLD), scope, 3)
    with database.session(scope) as session:
        first = session.scalars(select(Draft).order_by(Draft.id)).first()
        session.execute(update(Draft).where(Draft.id == first.id).values(sealed=first.sealed[:-4] + "AAAA"))
        session.commit()

    step = operator_step(with_keys(database, NEW, OLD), None, 10)

    assert (step.closed, step.broken) == (2, 1)


def test_with_the_wrong_key_the_program_says_at_start_which_one_is_missing(database, scope):
    keep(with_keys(database, OLD), scope, 1)

    refuse_foreign_seals(database.operator_engine, Seals((NEW, OLD)))
    with pytest.raises(WrongSetting, match=f"drafts_draft holds data sealed with the key {name_of(OLD)}"):
        refuse_foreign_seals(database.operator_engine, Seals((OTHER,)))


def test_before_any_migration_the_start_is_not_held_up(empty_database):
    database = Database(
        replace(
            read_settings({"GENERAZIONI_VAR": "/tmp"}), database_url=empty_database.app,  # noqa: S108
            owner_database_url=empty_database.owner, operator_database_url=empty_database.operator,
        )
    )  # fmt: skip

    refuse_foreign_seals(database.operator_engine, Seals((OTHER,)))
    database.close()


def test_the_command_rotates_every_sealed_column(database, scope, settings):
    keep(with_keys(database, OLD), scope, 3)
    context = Context()
    context.settings = replace(settings, field_keys=(NEW, OLD))

    done = CliRunner().invoke(main_group, ["keys", "rotate"], obj=context)
    again = CliRunner().invoke(main_group, ["keys", "rotate"], obj=context)

    assert "drafts_draft.sealed: 3 sealed again." in done.output
    assert "drafts_draft.sealed: 0 sealed again." in again.output
    assert {one.split(".")[1] for one in texts(database)} == {name_of(NEW)}


def test_the_command_with_one_key_says_what_to_do(settings):
    context = Context()
    context.settings = replace(settings, field_keys=(NEW,))

    refused = CliRunner().invoke(main_group, ["keys", "rotate"], obj=context)

    assert isinstance(refused.exception, WrongSetting)
    assert "put the new one before it" in str(refused.exception)


PG = {"GENERAZIONI_DATABASE_URL": "postgresql+psycopg://app@/g", "GENERAZIONI_SECRET_KEY": "k" * 40}


@pytest.mark.parametrize(("given", "sentence"), [
    ({}, "FIELD_KEYS is missing"),
    ({"GENERAZIONI_FIELD_KEYS": "short"}, "not 64 hexadecimal digits"),
    ({"GENERAZIONI_FIELD_KEYS": "zz" * 32}, "not 64 hexadecimal digits"),
    ({"GENERAZIONI_FIELD_KEYS": "5e" * 32 + "," + "5e" * 16}, "not 64 hexadecimal digits"),
    ({"GENERAZIONI_FIELD_KEYS_FILE": "/nowhere/keys"}, "FIELD_KEYS_FILE cannot be read"),
])  # fmt: skip
def test_a_missing_or_misspelt_key_is_told_before_anything_starts(given, sentence, tmp_path):
    with pytest.raises(WrongSetting, match=sentence):
        read_settings({**PG, **given, "GENERAZIONI_VAR": str(tmp_path)})


def test_keys_come_from_a_file_and_are_in_no_picture_of_the_settings(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"{NEW.hex()}\n{OLD.hex()}\n")

    found = read_settings({**PG, "GENERAZIONI_FIELD_KEYS_FILE": str(file), "GENERAZIONI_VAR": str(tmp_path)})

    assert found.field_keys == (NEW, OLD)
    assert NEW.hex() not in repr(found)
    assert repr(NEW) not in repr(found)
    assert "k" * 40 not in repr(found)


def test_a_trial_makes_its_own_key_once_for_its_user_alone(tmp_path):
    first, second = (read_settings({"GENERAZIONI_VAR": str(tmp_path)}).field_keys for _start in range(2))

    assert first == second
    assert len(first[0]) == 32
    assert (tmp_path / "field-keys").stat().st_mode & 0o077 == 0


def test_every_sealed_column_is_text_and_left_out_of_the_audit_trail():
    columns = sealing.sealed_columns()

    assert SEALED in columns
    assert {str(column.type) for column in columns} == {"TEXT"}


def test_the_audit_trail_holds_no_sealed_text(database, scope):
    keep(with_keys(database, OLD), scope, 1)

    with database.session(Scope(operator=True, reason="tests"), writes=False) as session:
        assert session.execute(text("select count(*) from audit_told where text like '%v1.%'")).scalar() == 0
