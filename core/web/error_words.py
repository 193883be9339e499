"""What the error pages say: what happened, and what to do. Nothing technical."""

from dataclasses import dataclass

from core.language import Words, _


@dataclass(frozen=True)
class ErrorWords:
    """The title of an error page, what happened and what the reader can do."""

    title: Words
    happened: Words
    advice: Words


WORDS = {
    400: ErrorWords(
        _("We could not read this request"),
        _("Something was missing, or the page had been open for too long."),
        _("Go back, load the page again and repeat what you were doing."),
    ),
    401: ErrorWords(
        _("Sign in first"),
        _("This page is only for people who work in the network."),
        _("Sign in and open it again."),
    ),
    403: ErrorWords(
        _("You may not do this"),
        _("Your role does not include it."),
        _("If you need it for your work, ask whoever gives out roles in your organisation."),
    ),
    404: ErrorWords(
        _("This page is not here"),
        _("The address may be wrong, or the record belongs to another partner and is not shared with yours."),
        _("Search by name, by number or by address, or go back to the home page."),
    ),
    405: ErrorWords(
        _("This address works differently"),
        _("It was opened in a way it does not answer to."),
        _("Go back and use the links and buttons of the page."),
    ),
    409: ErrorWords(
        _("Somebody changed it before you"),
        _("What you were changing is no longer as you saw it. Nothing was overwritten."),
        _("Open it again, look at how it is now and repeat your change if it is still needed."),
    ),
    413: ErrorWords(
        _("The file is too large"),
        _("What you sent is larger than the program accepts. Nothing was saved."),
        _("Make the file smaller, or split it, and send it again."),
    ),
    422: ErrorWords(
        _("This cannot be done"),
        _("What was asked goes against a rule. Nothing was changed."),
        _("Go back, correct it and try again."),
    ),
    429: ErrorWords(
        _("Too many attempts"),
        _("Too many requests came in a short time."),
        _("Wait a little, then try again."),
    ),
    500: ErrorWords(
        _("Something went wrong"),
        _("The fault is ours, not yours. What you had saved is safe."),
        _("Try again. If it happens again, tell whoever looks after the program the code below."),
    ),
    503: ErrorWords(
        _("We will be back soon"),
        _("The program is stopped for a moment."),
        _("Try again in a few minutes. There is no need to sign in again."),
    ),
}


def words_for(status: int) -> ErrorWords:
    """The words of a status, or of its family when it has none of its own."""
    return WORDS.get(status) or WORDS[500 if status >= 500 else 400]  # noqa: PLR2004  the families of HTTP
