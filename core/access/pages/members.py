"""Who works for my partner, and as what."""

from uuid import UUID

from flask import g, make_response, redirect, render_template
from werkzeug.wrappers import Response

from core.access import gate, members, sessions
from core.access.forms import MemberForm, RolesForm
from core.access.models import SignIn, User
from core.access.pages.blueprint import address_of, invite, mail_after, pages, say, settings
from core.access.permissions import fresh_sign_in, requires
from core.language import _
from core.refusals import NotFound, Refusal


@pages.get("/members")
@requires("core.members")
def list_members() -> str:
    """My partner's members by name."""
    return render_template("access/members.html", members=members.members_of(g.session))


@pages.get("/members/new")
@requires("core.members")
def ask_member() -> str:
    """The form for somebody who joins."""
    return render_template("access/member_new.html", form=MemberForm())


@pages.post("/members/new")
@fresh_sign_in
@requires("core.members")
def add_member() -> Response:
    """Make somebody a member and mail them how to come in."""
    form = MemberForm()
    if form.validate():
        try:
            user = members.add_member(g.session, email=form.email.data, name=form.name.data, roles=form.roles.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("%(name)s is a member. A mail with a link is on its way.", name=user))
            response = redirect("/members", 303)
            _welcome(response, user)
            return response
    return make_response(render_template("access/member_new.html", form=form), 422)


def _welcome(response: Response, user: User) -> None:
    """Who has a password already is told where to sign in, who has none gets a link to choose one."""
    if not user.password_hash:
        invite(response, user)
        return
    mail_after(
        response,
        user,
        subject=_("Your access to %(network)s", network=settings().network_name),
        text=_(
            "You were given access to one more organisation. Sign in and choose it:\n\n%(link)s\n",
            link=address_of("/sign-in"),
        ),
    )


@pages.get("/members/<uuid:key>")
@requires("core.members")
def show_member(key: UUID) -> str:
    """One member and their roles."""
    user, roles = members.member(g.session, key)
    return render_template("access/member.html", user=user, form=RolesForm(data={"roles": roles}))


@pages.post("/members/<uuid:key>")
@fresh_sign_in
@requires("core.members")
def change_roles(key: UUID) -> Response:
    """Give a member other roles."""
    user, _roles = members.member(g.session, key)
    form = RolesForm()
    if form.validate():
        try:
            members.set_roles(g.session, key, roles=form.roles.data)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("The roles of %(name)s are saved.", name=user))
            return _after_change(redirect("/members", 303), key)
    return make_response(render_template("access/member.html", user=user, form=form), 422)


def _after_change(response: Response, key: UUID) -> Response:
    """Who changes their own roles goes on under a new token, as at every change of what a visit may do."""
    if key == g.visitor.user_id:
        visit = g.session.get_one(SignIn, g.visitor.sign_in_id)
        gate.set_cookie(response, settings(), sessions.renew(g.session, visit))
    return response


@pages.post("/members/<uuid:key>/remove")
@fresh_sign_in
@requires("core.members")
def remove_member(key: UUID) -> Response:
    """End a membership."""
    user, roles = members.member(g.session, key)
    try:
        members.remove_member(g.session, key)
    except NotFound:
        raise
    except Refusal as refusal:
        form = RolesForm(formdata=None, data={"roles": roles})
        form.refuse(refusal)
        return make_response(render_template("access/member.html", user=user, form=form), 422)
    say(_("%(name)s is no longer a member.", name=user))
    return redirect("/members", 303)


@pages.post("/members/<uuid:key>/invite")
@fresh_sign_in
@requires("core.members")
def invite_again(key: UUID) -> Response:
    """Mail a new link to a member who has not chosen a password yet."""
    user, _roles = members.member(g.session, key)
    if user.password_hash:
        raise Refusal(_("%(name)s has a password already and can ask for a new one.", name=user))
    say(_("A mail with a new link is on its way to %(name)s.", name=user))
    response = redirect(f"/members/{key}", 303)
    invite(response, user)
    return response
