"""The file that somebody sends to be tried, put aside until it is written."""

import re
import secrets
from pathlib import Path

from flask import current_app, g, request

from core.language import _
from core.refusals import Refusal

NAME = re.compile(r"[A-Za-z0-9_-]{32}")


def kept_file() -> tuple[Path, bytes]:
    """The file just sent as `file`, put aside under a name nobody can guess; or the one put aside before as `kept`."""
    folder: Path = current_app.config["SETTINGS"].var / "imports" / str(g.scope.partner_id) / str(g.scope.user_id)
    name = request.form.get("kept", "")
    if name:
        if not NAME.fullmatch(name) or not (folder / name).is_file():
            raise Refusal(_("The file is no longer here: choose it again."), field="file")
        return folder / name, (folder / name).read_bytes()
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        raise Refusal(_("Choose the file to import."), field="file")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / secrets.token_urlsafe(24)
    kept.write_bytes(content)
    return kept, content
