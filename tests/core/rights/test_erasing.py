"""A person is erased as a plan that was looked at; what the law keeps stays, and says why."""

from datetime import date

import pytest
from sqlalchemy import select

from core.audit.verifying import first_break
from core.database.scope import Scope, today
from core.database.visibility import PersonAccess
from core.partners.models import Partner, PartnerKind
from core.people.models import HouseholdKind, HouseholdMember, Merge, Person, PersonState
from core.people.services import compose_household
from core.people.services.registering import amend_person
from core.refusals import Refusal
from core.rights import services
from core.rights.about import Hold, is_own
from core.rights.asking import Asked, plan_of, report_of
from core.rights.models import Erasure, ErasureState, RestrictionGround
from core.rights.restricting import Restricted, restriction_of
from core.rights.telling import as_json
from core.sharing.models import LegalGround, Share
from tests.core.rights.conftest import CANARY, WRITTEN, everybody

OPERATOR = Scope(operator=True, actor="tests", reason="tests")


def erase(database, settings, scope, key, asked=None):
    """Look, propose, carry out, in three transactions as three people would."""
    asked = asked or everybody("subject_erase")
    with database.transaction(scope) as session:
        made = services.propose_erasure(session, key, plan_of(session, key, asked), reason="Asked for on 3 November")
    return carry_out(database, settings, scope, made, asked)


def carry_out(database, settings, scope, made, asked):
    """Carry the erasure out, in a transaction of its own."""
    with database.transaction(scope) as session:
        erasure = session.get_one(Erasure, made.id)
        plan = plan_of(session, erasure.subject_id, asked)
        done = services.carry_out(session, erasure, plan, folder=settings.uploads)
        assert done.lines
        return done


def use(database, scope, key):
    """Write on the person, as any module might."""
    with database.transaction(scope) as session:
        amend_person(session, session.get_one(Person, key), phone="+393331234567")


def test_of_who_is_erased_nothing_is_found_anywhere_and_the_trail_is_whole(
    database, settings, scope, canary, tables_with
):
    assert tables_with(CANARY) >= {
        "people_person", "people_access", "people_household", "people_isee_certificate", "files_attachment",
        "audit_told", "people_merge", "people_merged_row", "people_duplicate",
    }  # fmt: skip

    erasure = erase(database, settings, scope, canary)

    assert erasure.state is ErasureState.DONE
    assert tables_with(CANARY) == set()
    assert [file for file in settings.uploads.rglob("*") if file.is_file()] == []
    with database.session(OPERATOR, writes=False) as session:
        assert first_break(session, scope.partner_id) is None


def test_who_is_erased_still_counts(database, settings, scope, canary):
    erase(database, settings, scope, canary)

    with database.session(scope, writes=False) as session:
        left = session.get_one(Person, canary)
        assert (left.surname, left.state, left.sex.value) == ("—", PersonState.ARCHIVED, "F")


def test_looking_at_the_plan_erases_nothing(database, scope, canary, tables_with):
    before = tables_with(CANARY)
    with database.transaction(scope) as session:
        plan = plan_of(session, canary, everybody("subject_erase"))

    assert {one.model.__tablename__ for one in plan.steps} >= {"people_person", "people_household_member"}
    assert tables_with(CANARY) == before


def keeps(session, person_id):
    """A module that the law obliges to keep something of the person."""
    return [Hold("Contracts", "contracts", [person_id], "Art. 2220 c.c.", date(2036, 12, 31))]


def test_what_the_law_keeps_keeps_the_name_and_restricts_the_person(database, settings, scope, canary, tables_with):
    asked = [*everybody("subject_erase"), Asked("Contracts", keeps)]

    erasure = erase(database, settings, scope, canary, asked)

    held = [(line.table, line.ground, line.until) for line in erasure.lines if line.held]
    assert ("contracts", "Art. 2220 c.c.", date(2036, 12, 31)) in held
    assert ("people_person", date(2036, 12, 31)) in [(table, until) for table, _ground, until in held]
    assert tables_with(CANARY) == {"people_person", "people_access"} <= {table for table, _ground, _until in held}
    with database.session(scope, writes=False) as session:
        left = session.get_one(Person, canary)
        assert (left.surname, left.notes, left.gender, left.document_number) == (CANARY, None, None, None)
        assert restriction_of(session, canary).ground is RestrictionGround.KEPT_BY_LAW


def broken(session, person_id):
    raise RuntimeError("the module's code is wrong")


@pytest.mark.parametrize("answer", [broken, None])
def test_while_a_module_cannot_answer_nothing_is_erased_and_it_is_named(database, scope, canary, answer):
    asked = [*everybody("subject_erase"), Asked("Abitare", answer)]
    with database.transaction(scope) as session:
        plan = plan_of(session, canary, asked)

        assert plan.missing == ["Abitare"]
        with pytest.raises(Refusal, match="Abitare cannot say what they keep"):
            services.propose_erasure(session, canary, plan, reason="Asked for")


@pytest.mark.parametrize("answer", [broken, None])
def test_a_report_without_a_module_is_incomplete_and_names_it(database, scope, canary, answer):
    with database.transaction(scope) as session:
        report = report_of(session, canary, [*everybody("subject_export"), Asked("Abitare", answer)])
        told = as_json(session, report)

    assert (told["complete"], told["missing"]) == (False, ["Abitare"])


def test_a_report_tells_all_that_is_written(database, scope, canary):
    with database.transaction(scope) as session:
        told = as_json(session, report_of(session, canary, everybody("subject_export")))

    rows: dict[str, list] = {}
    for section in told["sections"]:
        rows.setdefault(section["table"], []).extend(section["rows"])
    assert told["complete"] is True
    assert {"people_person", "people_household", "people_household_member", "people_isee_certificate"} <= set(rows)
    (person,) = [one for one in rows["people_person"] if one["surname"]["value"] == CANARY]
    assert all(CANARY in person[name]["value"] for name in WRITTEN)
    assert person["surname"] == {"label": "Surname", "value": CANARY}


def test_what_nobody_answers_for_is_found_by_the_foreign_keys(database, scope, canary):
    with database.transaction(scope) as session:
        report, plan = report_of(session, canary, []), plan_of(session, canary, [])

    assert {one.model.__tablename__ for one in report.sections} >= {"people_person", "people_household"}
    assert plan.steps == []
    assert {one.table for one in plan.holds} >= {"people_person", "people_household"}


def test_what_changed_since_it_was_approved_is_not_erased(database, settings, scope, canary, tables_with):
    asked = everybody("subject_erase")
    with database.transaction(scope) as session:
        made = services.propose_erasure(session, canary, plan_of(session, canary, asked), reason="Asked for")
    later = [*asked, Asked("Contracts", keeps)]

    with pytest.raises(services.PlanChanged):
        carry_out(database, settings, scope, made, later)
    assert "people_person" in tables_with(CANARY)


def test_a_public_body_destroys_nothing_before_it_is_authorised(database, settings, scope, canary, tables_with):
    with database.transaction(OPERATOR) as session:
        session.get_one(Partner, scope.partner_id).kind = PartnerKind.MUNICIPALITY
    asked = everybody("subject_erase")
    with database.transaction(scope) as session:
        made = services.propose_erasure(session, canary, plan_of(session, canary, asked), reason="Term passed")

    assert made.disposal is True
    with pytest.raises(Refusal, match="Soprintendenza"):
        carry_out(database, settings, scope, made, asked)
    with database.transaction(scope) as session:
        erasure = session.get_one(Erasure, made.id)
        services.authorise(session, erasure, authorisation="SAB-LOM 1234/2026", authorised_on=today())
    carry_out(database, settings, scope, made, asked)
    assert tables_with(CANARY) == set()


def test_whom_another_partner_knows_keeps_their_name(database, scope, canary, neighbour):
    with database.transaction(OPERATOR) as session:
        session.add(PersonAccess(
            partner_id=neighbour, giver_id=scope.partner_id, person_id=canary, level=1, basis="share",
            valid_from=today(), sort_name="x", search="x",
        ))  # fmt: skip
    with database.transaction(scope) as session:
        plan = plan_of(session, canary, everybody("subject_erase"))

    assert canary not in {key for one in plan.steps if one.model is Person for key in one.keys}
    assert "Other partners work with this person" in {str(one.ground) for one in plan.holds}


def test_another_partner_finds_nothing_to_tell_or_erase(database, canary, neighbour):
    with database.transaction(Scope(partner_id=neighbour, actor="Ada Blu")) as session:
        report = report_of(session, canary, everybody("subject_export"))
        plan = plan_of(session, canary, everybody("subject_erase"))

    assert (report.sections, plan.steps) == ([], [])


def test_restricted_data_are_kept_and_not_used_until_that_is_lifted(database, scope, canary):
    with database.transaction(scope) as session:
        services.restrict(session, canary, ground=RestrictionGround.ACCURACY)
    with pytest.raises(Restricted, match=r"art\. 18"):
        use(database, scope, canary)
    with database.session(scope) as session:
        person = session.get_one(Person, canary)
        with pytest.raises(Restricted):
            compose_household(session, person=person, kind=HouseholdKind.ISEE)
    with database.transaction(scope) as session:
        services.lift(session, canary, reason="The data were right")
    use(database, scope, canary)

    with database.session(scope, writes=False) as session:
        assert session.get_one(Person, canary).phone == "+393331234567"


def test_data_are_not_restricted_twice_nor_lifted_twice(database, scope, canary):
    with database.transaction(scope) as session:
        with pytest.raises(Refusal, match="not restricted"):
            services.lift(session, canary, reason="x")
        services.restrict(session, canary, ground=RestrictionGround.CLAIMS)
        with pytest.raises(Refusal, match="restricted already"):
            services.restrict(session, canary, ground=RestrictionGround.CLAIMS)


def test_what_was_shared_of_a_merged_sheet_is_told_and_erased_with_the_person(
    database, settings, scope, canary, neighbour, tables_with
):
    with database.transaction(scope) as session:
        merged = session.scalars(select(Merge.merged_id)).one()
        session.add(Share(
            giver_id=scope.partner_id, taker_id=neighbour, person_id=merged, legal_ground=LegalGround.CONTRACT,
            purpose_note=CANARY, valid_to=today(), given_by="Luca Neri",
        ))  # fmt: skip
    with database.transaction(scope) as session:
        report = report_of(session, canary, everybody("subject_export"))
    assert "sharing_share" in {one.model.__tablename__ for one in report.sections}

    erase(database, settings, scope, canary)

    assert "sharing_share" not in tables_with(CANARY)


def test_what_another_partner_gave_is_not_ones_own_to_erase(database, scope, neighbour):
    given, taken = (
        Share(giver_id=giver, taker_id=taker)
        for giver, taker in ((scope.partner_id, neighbour), (neighbour, scope.partner_id))
    )

    with database.session(scope, writes=False) as session:
        assert (is_own(session, given), is_own(session, taken)) == (True, False)


def test_of_restricted_data_nothing_is_taken_away_either(database, scope, canary):
    with database.transaction(scope) as session:
        services.restrict(session, canary, ground=RestrictionGround.CLAIMS)

    with database.session(scope) as session:
        stay = session.scalars(select(HouseholdMember).where(HouseholdMember.person_id == canary)).first()
        session.delete(stay)
        with pytest.raises(Restricted):
            session.flush()
