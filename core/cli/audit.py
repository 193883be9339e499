"""The audit trail, proved from the command line."""

import sys
from pathlib import Path

import click

from core.audit.anchors import Anchor, BrokenAnchors, read_anchors, write_anchor
from core.audit.verifying import first_break, length, partners_with_trails
from core.cli.context import Context, pass_context
from core.database.scope import Scope
from core.partners.models import Partner


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.option("--partner", "code", help="Only this partner's trail, by its code")
@click.option("--anchors", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the anchors kept elsewhere")
@pass_context
def verify(context: Context, code: str | None, anchors: Path | None) -> None:
    """Walk every trail from its first line; exit status 1 and the first line that does not hold, when one is not."""
    file = anchors or context.settings.audit_anchors
    try:
        known = read_anchors(file)
    except BrokenAnchors as error:
        click.echo(f"BROKEN: {error}", err=True)
        sys.exit(1)
    if not known:
        click.echo(f"No anchors in {file}: lines missing at a trail's end would not show.", err=True)
    with context.database.session(context.operator("audit verify"), writes=False) as session:
        only = {context.partner(code).id} if code else partners_with_trails(session) | set(known)
        broken = False
        for partner in sorted(only, key=str):
            row = session.get(Partner, partner)
            name = row.code if row else str(partner)
            total = length(session, partner)
            with click.progressbar(length=total, label=name, file=sys.stderr, show_pos=True) as bar:
                wrong = first_break(session, partner, anchors=known.get(partner, ()), progress=bar.update)
            broken = broken or wrong is not None
            click.echo(f"{name}: BROKEN at line {wrong.sequence}: {wrong.what}" if wrong else
                       f"{name}: whole, {total} lines, {len(known.get(partner, ()))} anchors")  # fmt: skip
    sys.exit(1 if broken else 0)


@audit.command()
@pass_context
def anchor(context: Context) -> None:
    """Write now where every trail ends, as the hourly job does."""
    with context.database.session(context.operator("audit anchor"), writes=False) as session:
        partners = partners_with_trails(session)
    for partner in sorted(partners, key=str):
        with context.database.session(Scope(partner_id=partner), writes=False) as session:
            found = Anchor.of(session)
        if found:
            write_anchor(context.settings.audit_anchors, found)
            click.echo(f"{partner}: line {found.sequence}")
