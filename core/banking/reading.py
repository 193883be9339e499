"""The one way in: a file of a bank, whatever its kind, made into a statement."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from core.banking.camt import read_camt
from core.banking.statement import Statement, StatementLine
from core.banking.tabular import read_table_of_movements
from core.language import _
from core.refusals import Refusal

MOST_LINES = 20_000
SEPARATOR = "\x1f"


def read_statement(content: bytes) -> Statement:
    """The statement in a CAMT.053 (versions 02 to 08 and beyond), CSV or XLSX file.

    `Refusal` says what cannot be read and in which row; nothing of such a file is taken.
    """
    if not content.strip():
        raise Refusal(_("The file is empty: export the statement again."), field="file")
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    read = read_camt(content) if text.startswith(b"<") else read_table_of_movements(content)
    if not read.lines:
        raise Refusal(_("The file holds no booked movement."), field="file")
    if len(read.lines) > MOST_LINES:
        raise Refusal(_("The file has more than %(n)s movements: divide it.", n=MOST_LINES), field="file")
    return replace(read, lines=list(_with_fingerprints(read.account, read.lines)))


def _with_fingerprints(account: str, lines: list[StatementLine]) -> Iterator[StatementLine]:
    """Mark each line; what cannot be told apart in an export is told apart by its place among its equals."""
    met: Counter[str] = Counter()
    for line in lines:
        told = SEPARATOR.join((
            account, line.booked_on.isoformat(), str(line.value_on or ""), f"{line.amount:.2f}", line.text,
            line.counterpart, line.counterpart_iban, line.end_to_end, line.mandate, line.bank_reference,
            line.return_code,
        ))  # fmt: skip
        met[told] += 1
        yield replace(line, fingerprint=sha256(f"{told}{SEPARATOR}{met[told]}".encode()).hexdigest())
