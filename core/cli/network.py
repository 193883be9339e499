"""Partners, users and tokens, from the command line."""

import click
from sqlalchemy import select

from core.access import identities
from core.access.members import add_member
from core.access.models import Membership, Role, User
from core.access.second_factor import forget
from core.access.sign_in import user_by_email
from core.access.tokens import issue_token
from core.access.users import set_password
from core.cli.context import Context, pass_context
from core.config import OpenIdProvider
from core.database.scope import ScopedSession
from core.language import _
from core.partners.models import Partner, PartnerKind
from core.partners.services import modules_of, register_partner
from core.refusals import Refusal


@click.group()
def partners() -> None:
    """Partners of the network."""


@partners.command("list")
@pass_context
def list_partners(context: Context) -> None:
    """List the partners and the modules they run."""
    with context.database.session(context.operator("list"), writes=False) as session:
        found = list(session.scalars(select(Partner).order_by(Partner.code)))
    for partner in found:
        with context.database.session(context.acting_for(partner.code), writes=False) as session:
            modules_on = ", ".join(sorted(modules_of(session))) or "-"
        click.echo(f"{partner.code:16} {partner.name:40} {modules_on}")


@partners.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in PartnerKind]), default="other", show_default=True)
@pass_context
def add_partner(context: Context, code: str, name: str, kind: str) -> None:
    """Register a partner."""
    context.database.run(
        context.operator("command line"),
        lambda session: register_partner(session, code=code, name=name, kind=PartnerKind(kind)),
    )
    click.echo(f"{name} is a partner.")


@click.group()
def users() -> None:
    """People who sign in."""


@users.command("list")
@click.option("--partner", "code", required=True)
@pass_context
def list_users(context: Context, code: str) -> None:
    """List the members of a partner with their roles."""
    partner = context.partner(code)
    wanted = select(User.email, User.name, Membership.role).join(Membership, Membership.user_id == User.id)
    with context.database.session(context.operator("list"), writes=False) as session:
        for email, name, role in session.execute(
            wanted.where(Membership.partner_id == partner.id).order_by(User.email)
        ):
            click.echo(f"{email:36} {name:28} {role.value}")


@users.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--partner", "code", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.password_option(help="At least 12 characters")
@pass_context
def add_user(context: Context, email: str, name: str, code: str, roles: tuple[str, ...], password: str) -> None:
    """Add a member to a partner."""

    def add(session: ScopedSession) -> None:
        add_member(session, email=email, name=name, roles=[Role(role) for role in roles])
        user = user_by_email(session, email)
        if user is not None and not user.password_hash:
            set_password(session, user, password=password)

    context.database.run(context.acting_for(code), add)
    click.echo(f"{name} can sign in for {code}.")


@users.command("forget-second-factor")
@click.argument("email")
@pass_context
def forget_second_factor(context: Context, email: str) -> None:
    """Throw the app and the recovery codes of somebody away who lost both; be sure that it is them who ask."""

    def work(session: ScopedSession) -> str:
        user = _user(session, email)
        forget(session, user)
        return user.name

    name = context.database.run(context.operator("second factor lost"), work)
    click.echo(f"{name} signs in by password; every visit of theirs is ended.")


@users.command("link-identity")
@click.argument("email")
@click.argument("subject")
@pass_context
def link_identity(context: Context, email: str, subject: str) -> None:
    """Let somebody sign in as SUBJECT of the OpenID provider; be sure that it is them."""
    provider = _provider(context)

    def work(session: ScopedSession) -> str:
        user = _user(session, email)
        identities.link(session, user, issuer=provider.issuer, subject=subject.strip())
        return user.name

    click.echo(f"{context.database.run(context.operator('identity linked'), work)} signs in with {provider.name} too.")


@users.command("unlink-identity")
@click.argument("email")
@pass_context
def unlink_identity(context: Context, email: str) -> None:
    """Let somebody sign in with the OpenID provider no more, and end their visits."""
    provider = _provider(context)

    def work(session: ScopedSession) -> str:
        user = _user(session, email)
        if not identities.unlink(session, user, issuer=provider.issuer):
            raise Refusal(_("%(name)s has no identity there.", name=user.name))
        return user.name

    name = context.database.run(context.operator("identity unlinked"), work)
    click.echo(f"{name} does not sign in with {provider.name} any more.")


def _provider(context: Context) -> OpenIdProvider:
    if context.settings.openid is None:
        raise Refusal(_("No OpenID provider is set: see GENERAZIONI_OIDC_ISSUER in docs/operate.md."))
    return context.settings.openid


def _user(session: ScopedSession, email: str) -> User:
    user = user_by_email(session, email)
    if user is None:
        raise Refusal(_("Nobody signs in as %(email)s.", email=email))
    return user


@click.command()
@click.option("--user", "email", required=True, help="The user's e-mail")
@click.option("--partner", "code", required=True, help="The partner's code")
@click.option("--label", default="command line", show_default=True)
@click.option("--days", default=90, show_default=True, help="At most 365")
@pass_context
def token(context: Context, email: str, code: str, label: str, days: int) -> None:
    """Print a bearer token for the JSON API; it is shown this once."""
    partner = context.partner(code)

    def issue(session: ScopedSession) -> str:
        user = _user(session, email)
        return issue_token(session, user, partner_id=partner.id, label=label, days=days)[1]

    click.echo(context.database.run(context.acting_for(code), issue))
