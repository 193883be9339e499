"""What was typed in a form, carried by the page that says the service is away, so that it can be sent again."""

from flask import request

# The names of every field of a password or code: a page that stays open on a screen must not carry them.
SECRET = frozenset({"password", "again", "current", "one_time_code", "confirm-password", "confirm-one_time_code"})


def typed() -> list[tuple[str, str]]:
    """The sent form's fields in their order; none for other requests, nor for a form that held a password.

    The token against forgery and the one-time key are among them: sending again is allowed, and has one
    effect even when the first sending had been kept before the answer was lost.
    """
    if request.method != "POST" or SECRET & set(request.form):
        return []
    return list(request.form.items(multi=True))


def files_sent() -> bool:
    """Whether files came with the form: those, a page cannot carry."""
    return request.method == "POST" and any(file.filename for file in request.files.values())
