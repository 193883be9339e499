"""My own organisation as others read of it, and for the network's administrator all that work in the system."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, g, make_response, redirect, render_template
from werkzeug.wrappers import Response

from core.access.forms import NewPartnerForm, PartnerForm
from core.access.members import add_member
from core.access.models import Role, User
from core.access.pages.blueprint import invite, pages, say
from core.access.permissions import fresh_sign_in, requires
from core.database.scope import Scope
from core.language import _
from core.partners import services
from core.partners.models import Partner
from core.refusals import NotFound, Refusal


@pages.get("/organisation")
@requires("core.partner")
def own_partner() -> str:
    """What is written of my own organisation."""
    partner = _mine()
    return render_template("access/own_partner.html", form=PartnerForm(obj=partner), partner=partner)


@pages.post("/organisation")
@requires("core.partner")
def amend_own_partner() -> Response:
    """Change it."""
    partner, form = _mine(), PartnerForm()
    if form.validate():
        try:
            services.amend_partner(g.session, partner, **form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("What is written of your organisation is saved."))
            return redirect("/organisation", 303)
    return make_response(render_template("access/own_partner.html", form=form, partner=partner), 422)


def _mine() -> Partner:
    if g.visitor.partner_id is None:
        raise Refusal(_("Choose a partner first."))
    found: Partner = g.session.get_one(Partner, g.visitor.partner_id)
    return found


@pages.get("/partners")
@requires("core.partners")
def list_partners() -> str:
    """Every partner of the network by name, those that work and those that stopped."""
    return render_template("access/partners.html", partners=services.all_partners(g.session))


@pages.get("/partners/new")
@requires("core.partners")
def ask_partner() -> str:
    """The form for an organisation that joins, with its first responsible person."""
    return render_template("access/partner_new.html", form=NewPartnerForm())


@pages.post("/partners/new")
@fresh_sign_in
@requires("core.partners")
def register_partner() -> Response:
    """Let an organisation in, and mail its first responsible person how to come in."""
    form = NewPartnerForm()
    if form.validate():
        try:
            head = _let_in(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(str(_("%(name)s is a partner. Its responsible person gets a mail.", name=form.name.data)), "success")
            response = redirect("/partners", 303)
            if not head.password_hash:
                invite(response, head)
            return response
    return make_response(render_template("access/partner_new.html", form=form), 422)


def _let_in(form: NewPartnerForm) -> User:
    """The new partner's first responsible person; written across partners, in a transaction of its own.

    This request's own session gives its place up: on the embedded database only one may write at a time.
    """
    database: Any = current_app.extensions["database"]
    g.session.rollback()
    g.once = ""
    who = {"actor": g.visitor.user_name, "user_id": g.visitor.user_id, "reason": "a partner joins"}

    def join(session: Any) -> User:
        partner = services.register_partner(
            session, code=form.code.data, name=form.name.data, kind=form.kind.data, language=form.language.data
        )
        session.info["scope"] = Scope(partner_id=partner.id, operator=True, **who)
        return add_member(session, email=form.email.data, name=form.head.data, roles=[Role.ORG_MANAGER])

    head: User = database.run(Scope(operator=True, **who), join)
    found: User = g.session.get_one(User, head.id)
    return found


@pages.post("/partners/<uuid:key>/<any(active, inactive):state>")
@fresh_sign_in
@requires("core.partners")
def switch_partner(key: UUID, state: str) -> Response:
    """Let a partner work again, or stop it: its people cannot choose it any more, its records stay."""
    partner = g.session.get(Partner, key)
    if partner is None:
        raise NotFound(_("There is no such partner."))
    if key == g.visitor.partner_id:
        raise Refusal(_("You are working for this partner: choose another one first."))
    services.amend_partner(g.session, partner, active=state == "active")
    say(
        _("%(name)s is active.", name=partner)
        if partner.active
        else _("%(name)s is not active any more.", name=partner)
    )
    return redirect("/partners", 303)
