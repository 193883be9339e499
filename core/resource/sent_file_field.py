"""The field of a file: sent by a page, or in base64 by a program."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from flask import has_request_context, request
from wtforms import FileField

from core.files.sent import SentFile
from core.language import _


class SentFileField(FileField):
    """A file sent by a page, or in base64 by a program; its value is a `SentFile`."""

    data: SentFile | None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        sent = request.files.get(self.name) if has_request_context() else None
        if sent is not None and sent.filename:
            self.raw_data = [sent.filename]
            self.data = SentFile(sent.filename, sent.read())
        elif valuelist and valuelist[0]:
            try:
                self.data = SentFile(self.name, b64decode(str(valuelist[0]), validate=True))
            except binascii.Error as error:
                raise ValueError(str(_("Send the file in base64."))) from error
