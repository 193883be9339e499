"""Shares, requests, emergencies and notices: their lists, records, forms, exports and endpoints."""

from sqlalchemy.orm import object_session

from core.database.scope import scope_of
from core.language import _
from core.resource.declaration import Action, Facts, Resource
from core.sharing import forms, services
from core.sharing.models import Emergency, LegalGround, Notice, Share, ShareRequest


def _ours(share: Share) -> bool:
    """Whether the reader's partner gave it."""
    session = object_session(share)
    return session is not None and scope_of(session).partner_id == share.giver_id


def _may_be_revoked(share: Share) -> bool:
    return share.open and _ours(share)


def _may_be_withdrawn(share: Share) -> bool:
    consented = share.legal_ground is LegalGround.CONSENT and share.consent_withdrawn_at is None
    return consented and _ours(share)


shares: Resource = Resource(
    Share,
    name="shares",
    title=_("Shares"),
    singular=_("Share"),
    columns=["person.full_name", "giver.name", "taker.name", "level", "for_module", "legal_ground", "valid_to",
             "standing"],
    filters=["level", "purpose", "legal_ground", "valid_from", "valid_to", "revoked_at"],
    search=["person.surname", "person.name"],
    form=forms.ShareForm,
    order="-valid_to",
    create=services.give,
    panels=[
        Facts("person", "giver", "taker", "level", "for_module", "standing", title=_("Share")),
        Facts("purpose", "purpose_note", "legal_ground", "document", title=_("Why")),
        Facts("valid_from", "valid_to", "given_by", "revoked_at", "revoked_by", "revoked_because",
              title=_("From when to when")),
        Facts("notice", "consent_by", "consent_on", "consent_withdrawn_at", title=_("Consent")),
    ],
    actions=[
        Action("revoke", services.revoke, _("Revoke"), form=forms.EndingForm, when=_may_be_revoked, danger=True),
        Action("withdraw-consent", services.withdraw_consent, _("The person withdraws their consent"),
               form=forms.EndingForm, when=_may_be_withdrawn, danger=True),
    ],
    icon="share",
    in_menu=False,
    sentence=_("Who sees which person of which partner, why, and until when."),
)  # fmt: skip

requests: Resource = Resource(
    ShareRequest,
    name="share-requests",
    title=_("Requests to share"),
    singular=_("Request to share"),
    columns=["codice_fiscale", "direction", "taker.name", "level", "for_module", "purpose", "asked_on", "state"],
    filters=["state", "level", "purpose", "asked_on"],
    search=["codice_fiscale"],
    form=forms.AskForm,
    order="-asked_on",
    create=services.ask,
    panels=[
        Facts("codice_fiscale", "direction", "taker", "state", title=_("Request")),
        Facts("level", "for_module", "purpose", "purpose_note", title=_("What they would see, and what for")),
        Facts("asked_by", "asked_on", "expires_on", "answered_at", "answer", title=_("Answer")),
    ],
    actions=[
        Action("give", services.give_as_asked, _("Share as asked"), form=forms.AnswerForm,
               when=lambda request: request.waits_for_us),
        Action("refuse", services.refuse, _("Refuse"), form=forms.RefusingForm,
               when=lambda request: request.waits_for_us, danger=True),
        Action("withdraw", services.withdraw_request, _("Withdraw the request"),
               when=lambda request: request.waits_for_others, danger=True),
    ],
    icon="help",
    in_menu=False,
    sentence=_("What other partners ask of yours, and what yours asks of them."),
)  # fmt: skip

emergencies: Resource = Resource(
    Emergency,
    name="emergencies",
    title=_("Emergencies"),
    singular=_("Emergency access"),
    columns=["person.full_name", "taker.name", "giver.name", "opened_at", "expires_at", "ended_at"],
    filters=["opened_at"],
    search=["person.surname", "person.name"],
    form=forms.EmergencyForm,
    order="-opened_at",
    create=services.open_emergency,
    panels=[
        Facts("person", "giver", "taker", "reason", title=_("Emergency access")),
        Facts("opened_by", "opened_at", "expires_at", "ended_at", "ended_by", title=_("From when to when")),
    ],
    actions=[
        Action("end", services.end_emergency, _("End it now"), when=lambda one: one.may_be_ended, danger=True),
    ],
    icon="warning-circle",
    in_menu=False,
    sentence=_("A person of another partner, opened for 24 hours without waiting. That partner is told at once."),
)  # fmt: skip

notices: Resource = Resource(
    Notice,
    name="privacy-notices",
    title=_("Privacy notices"),
    singular=_("Privacy notice"),
    columns=["edition", "title", "valid_from", "in_use"],
    filters=["valid_from"],
    search=["title"],
    match=["title"],
    form=forms.NoticeForm,
    order="-edition",
    create=services.write_notice,
    panels=[Facts("title", "edition", "valid_from", "text", title=_("Privacy notice"))],
    icon="file",
    in_menu=False,
    sentence=_("Each edition stays as it was: consents are kept with the one they were given on."),
)  # fmt: skip
