"""Sending mail: to a server, to a folder, or to the log while developing.

Bodies carry a link and no personal data: mail is read on other people's machines.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from uuid_utils.compat import uuid7

from core.config import Settings, WrongSetting
from core.language import Words

LONGEST_WAIT = 15
SUBMISSION, SUBMISSION_TLS = 587, 465

log = logging.getLogger("generazioni.mail")


def send(settings: Settings, *, to: str, subject: Words, text: Words) -> None:
    """Send a message at once; `OSError` or `smtplib.SMTPException` when the server does not take it.

    `console:` writes it to the log, `file:///folder` keeps it as a file, `smtp://user:password@host:port`
    and `smtps://…` hand it to a server; a password is only ever sent over TLS.
    """
    message = compose(settings, to=to, subject=subject, text=text)
    address = urlsplit(settings.mail_url)
    if address.scheme not in CARRIERS:
        raise WrongSetting("GENERAZIONI_MAIL_URL must begin with console:, file:///, smtp:// or smtps://")
    CARRIERS[address.scheme](address, message)


def compose(settings: Settings, *, to: str, subject: Words, text: Words) -> EmailMessage:
    """The message as it travels; a line break in a header is refused with `ValueError`."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = str(subject)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(str(text))
    return message


def _to_log(address: SplitResult, message: EmailMessage) -> None:
    # A warning, so that it is seen however quiet the log is: nobody will receive this.
    log.warning("Not sent, no mail server is set:\nTo: %s\nSubject: %s\n\n%s", *_parts(message))


def _parts(message: EmailMessage) -> tuple[str, str, str]:
    return message["To"], message["Subject"], message.get_content()


def _to_folder(address: SplitResult, message: EmailMessage) -> None:
    folder = Path(unquote(address.path))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid7()}.eml").write_bytes(bytes(message))


def _to_server(address: SplitResult, message: EmailMessage) -> None:
    with smtplib.SMTP(address.hostname or "", address.port or SUBMISSION, timeout=LONGEST_WAIT) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif address.password:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS: the password is not sent")
        _hand_over(server, address, message)


def _to_server_over_tls(address: SplitResult, message: EmailMessage) -> None:
    port, context = address.port or SUBMISSION_TLS, ssl.create_default_context()
    with smtplib.SMTP_SSL(address.hostname or "", port, timeout=LONGEST_WAIT, context=context) as server:
        _hand_over(server, address, message)


def _hand_over(server: smtplib.SMTP, address: SplitResult, message: EmailMessage) -> None:
    if address.username and address.password:
        server.login(unquote(address.username), unquote(address.password))
    server.send_message(message)


CARRIERS: dict[str, Callable[[SplitResult, EmailMessage], None]] = {
    "console": _to_log,
    "file": _to_folder,
    "smtp": _to_server,
    "smtps": _to_server_over_tls,
}
