"""Mandates, collections, debits and pagoPA positions, as lists, records and files."""

from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, Response, g, render_template, request

from core.api import (
    Action,
    Facts,
    MenuItem,
    Move,
    NotFound,
    Refusal,
    Related,
    Resource,
    Workflow,
    _,
    open_form,
    requires,
)
from plugins.housing import collection_forms, forms
from plugins.housing.models import (
    Collection,
    CollectionState,
    Debit,
    DebitState,
    Mandate,
    MandateState,
    Position,
)
from plugins.housing.services import collections, positions

collection_views = Blueprint("housing-collections", __name__, url_prefix="/m/housing")

all_mandates = Resource(
    Mandate,
    name="mandates",
    title=_("Mandates"),
    singular=_("Mandate"),
    columns=["reference", "lease.number", "holder", "signed_on", "state"],
    filters=["state", "signed_on"],
    search=["reference", "holder", "lease.number"],
    form=collection_forms.MandateForm,
    match=["reference"],
    order="-signed_on",
    create=collections.sign_mandate,
    panels=[Facts("lease", "reference", "holder", "iban", "signed_on", "revoked_on", title=_("Mandate"))],
    workflow=Workflow(
        "state",
        [
            Move(
                "revoke",
                MandateState.ACTIVE,
                MandateState.REVOKED,
                collections.revoke_mandate,
                _("Revoke"),
                form=collection_forms.RevocationForm,
            )
        ],
    ),
    icon="file-signed",
    in_menu=False,
    sentence=_("Tenants' authorisations to debit their accounts (SEPA Core)."),
)


def files_of(collection: Collection) -> list[MenuItem]:
    """The collection's file, in both dialects."""
    if collection.state is CollectionState.CANCELLED:
        return []
    here = f"/m/housing/collections/{collection.id}/order"
    return [
        MenuItem(_("File for the bank (pain.008)"), f"{here}/iso.xml", "download", "housing.collections.export"),
        MenuItem(_("File for the bank (CBI)"), f"{here}/cbi.xml", "download", "housing.collections.export"),
    ]


all_collections = Resource(
    Collection,
    name="collections",
    title=_("Direct debit collections"),
    singular=_("Direct debit collection"),
    columns=["number", "month", "collect_on", "debit_count", "total", "state"],
    filters=["state", "collect_on"],
    search=["number"],
    form=collection_forms.CollectionForm,
    order="-number",
    create=collections.prepare_collection,
    panels=[
        Facts("number", "month", "collect_on", "debit_count", "total", "state", title=_("Collection")),
        Related(
            "debits", ("end_to_end", "mandate.holder", "amount", "state", "return_code"),
            title=_("Debits"),
        ),
    ],
    workflow=Workflow(
        "state",
        [
            Move(
                "collected", CollectionState.PREPARED, CollectionState.COLLECTED, collections.mark_collected,
                _("The bank credited it"), form=collection_forms.CollectedForm,
            ),
            Move(
                "cancel", CollectionState.PREPARED, CollectionState.CANCELLED, collections.cancel_collection,
                _("Cancel"), form=forms.ReasonForm, danger=True,
            ),
        ],
    ),
    links=files_of,
    icon="card",
    in_menu=False,
    sentence=_("What tenants with a mandate owe, asked of their banks in one file."),
)  # fmt: skip

all_debits = Resource(
    Debit,
    name="debits",
    title=_("Direct debits"),
    singular=_("Direct debit"),
    columns=["end_to_end", "lease.number", "amount", "collection.collect_on", "state", "return_code", "returned_on"],
    filters=["state"],
    search=["end_to_end", "lease.number"],
    order="-end_to_end",
    panels=[
        Facts(
            "collection", "lease", "mandate", "amount", "sequence", "end_to_end", "state", "payment", "return_code",
            "returned_on", title=_("Direct debit"),
        ),
        Related("charges", ("charge", "amount"), title=_("What it asks for")),
    ],
    actions=[
        Action(
            "return", collections.return_debit, _("The bank gave it back"), form=collection_forms.ReturnedForm,
            when=lambda debit: debit.state in {DebitState.SENT, DebitState.PAID}, danger=True,
        )
    ],
    icon="card",
    in_menu=False,
    sentence=_("Each debit with the charges it asks for, and what the bank answered."),
)  # fmt: skip

all_positions = Resource(
    Position,
    name="positions",
    title=_("pagoPA positions"),
    singular=_("pagoPA position"),
    columns=["iuv", "notice", "charge.lease.number", "charge.due_on", "charge.amount", "charge.owed"],
    search=["iuv"],
    form=collection_forms.PositionForm,
    match=["iuv"],
    order="-iuv",
    create=positions.open_position,
    panels=[Facts("iuv", "notice", "charge", title=_("Position"))],
    icon="card",
    in_menu=False,
    sentence=_("Charges of a municipality with the IUV under which they are paid."),
)

registers = [all_mandates, all_collections, all_debits, all_positions]


@collection_views.get("/collections/<uuid:key>/order/<any(iso, cbi):dialect>.xml")
@requires("housing.collections.export")
def order(key: UUID, dialect: Literal["iso", "cbi"]) -> Response:
    """The collection's file, made anew from its rows: always the same bytes."""
    collection = g.session.get(Collection, key)
    if collection is None or collection.state is CollectionState.CANCELLED:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    content = collections.order_file(g.session, collection, dialect=dialect)
    headers = {"Content-Disposition": f'attachment; filename="{collection.message}-{dialect}.xml"'}
    return Response(content, mimetype="application/xml", headers=headers)


@collection_views.route("/pagopa", methods=["GET", "POST"])
@requires("housing.positions.add")
def pagopa() -> Any:
    """The charges of a month under their IUV, in a file for the pagoPA partner."""
    form = open_form(collection_forms.PagopaForm, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        month = form._fields["month"].data
        try:
            with g.session.begin_nested():
                positions.open_month(g.session, month=month)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            headers = {"Content-Disposition": f'attachment; filename="posizioni-{month:%Y-%m}.csv"'}
            return Response(positions.positions_file(g.session, month=month), mimetype="text/csv", headers=headers)
    page = render_template("housing/pagopa.html", form=form)
    return (page, 422) if form.errors or form.form_errors else page
