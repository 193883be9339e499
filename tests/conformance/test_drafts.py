"""What is typed in a form is kept before it is saved, without JavaScript and with it, and goes once it is saved."""

from sqlalchemy import func, select

from core.database.scope import Scope
from core.drafts.models import Draft
from core.testing.demo_network import HEAD_OF_TOWN, hidden

NEW = "/organisations/new"
OFFICER = "luca.neri@demo.example"
BY_ITSELF = {"HX-Request": "true"}


def typed(client, **given):
    return {**hidden(client.get(NEW).text), "name": "Circolo delle bozze", "legal_type": "informal_group", **given}


def drafts(app):
    with app.extensions["database"].session(Scope(operator=True, actor="tests", reason="tests")) as session:
        return session.scalar(select(func.count(Draft.id)))


def test_a_draft_is_kept_offered_and_taken_up_again(client_of, app):
    client = client_of(HEAD_OF_TOWN)
    kept = client.post("/drafts", data=typed(client, notes="a metà"))
    offered = client.get(NEW).text
    resumed = client.get(kept.location).text

    assert kept.location == f"{NEW}?draft=resume"
    assert "Hai una bozza del" in offered
    assert "Circolo delle bozze" not in offered
    assert 'id="draft-kept"' not in offered  # nothing is written over it while it waits
    assert 'id="draft-kept"' in resumed
    assert 'value="Circolo delle bozze"' in resumed
    assert "a metà" in resumed
    assert "Hai una bozza del" not in resumed

    saved = client.post(NEW, data={**hidden(resumed), "name": "Circolo delle bozze", "legal_type": "informal_group"})
    assert saved.status_code == 303
    assert "Hai una bozza del" not in client.get(NEW).text
    assert drafts(app) == 0


def test_a_refused_form_keeps_its_draft(client_of, app):
    client = client_of(HEAD_OF_TOWN)
    client.post("/drafts", data=typed(client))

    assert client.post(NEW, data=typed(client, name="")).status_code == 422
    assert drafts(app) == 1
    client.post("/drafts/discard", data=typed(client))
    assert drafts(app) == 0


def test_a_colleague_is_offered_nothing(client_of):
    client, colleague = client_of(HEAD_OF_TOWN), client_of(OFFICER)
    client.post("/drafts", data=typed(client))

    assert "Hai una bozza del" not in colleague.get(NEW).text
    assert "Circolo delle bozze" not in colleague.get(f"{NEW}?draft=resume").text
    client.post("/drafts/discard", data=typed(client))


def test_a_draft_of_a_change_still_merges_with_what_others_changed_meanwhile(client_of):
    client, colleague = client_of(HEAD_OF_TOWN), client_of(OFFICER)
    made = client.post(NEW, data=typed(client, name="Circolo che cambia")).location
    edit = f"{made}/edit"
    mine = {**hidden(client.get(edit).text), "name": "Circolo che cambia", "legal_type": "informal_group"}
    resume = client.post("/drafts", data={**mine, "notes": "mie"}).location
    theirs = {**hidden(colleague.get(edit).text), "name": "Circolo che cambia", "legal_type": "informal_group"}
    assert colleague.post(edit, data={**theirs, "phone": "030 5550303"}).status_code == 303

    resumed = hidden(client.get(resume).text)
    merge = client.post(edit, data={**resumed, **{k: mine[k] for k in ("name", "legal_type")}, "notes": "mie"})

    assert merge.status_code == 409
    assert "mie" in merge.text


def test_a_page_that_keeps_by_itself_is_told_when_and_is_never_taken_away(client_of, app):
    client, stranger = client_of(HEAD_OF_TOWN), app.test_client()
    told = client.post("/drafts", data=typed(client), headers=BY_ITSELF)
    token = hidden(stranger.get("/sign-in").text)["csrf_token"]
    signed_out = stranger.post("/drafts", data={"csrf_token": token, "draft.page": NEW}, headers=BY_ITSELF)
    forged = client.post("/drafts", data={"draft.page": NEW}, headers=BY_ITSELF)

    assert "Bozza salvata alle" in told.text
    assert signed_out.status_code == 204
    assert (forged.status_code, forged.headers["HX-Reswap"]) == (400, "none")
    client.post("/drafts/discard", data=typed(client))


def test_a_draft_leads_nowhere_else(client_of):
    client = client_of(HEAD_OF_TOWN)
    elsewhere = {**typed(client), "draft.page": "//evil.example/x"}

    assert client.post("/drafts/discard", data=elsewhere).location == "/"
