"""Where somebody goes on after a page that came between: only to addresses within this site."""

from urllib.parse import urlsplit

from flask import request

SAFE_METHODS = {"GET", "HEAD"}


def wanted_page() -> str:
    """Where to come back to: this page, or the one whose form was sent or part was asked for."""
    if request.method in SAFE_METHODS and request.headers.get("HX-Request") != "true":
        return safe_next(request.full_path.rstrip("?"))
    return page_before()


def page_before() -> str:
    """The page of ours whose form was sent, as the browser tells; else the home page."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return "/"
    return safe_next(referrer.path + (f"?{referrer.query}" if referrer.query else ""))


def safe_next(text: str | None) -> str:
    """The text when it is an address within this site, else the home page.

    One leading slash, no second one, no backslash that browsers read as a slash, no control character that
    they drop before reading, no scheme or host: anything else could lead a signed-in user elsewhere.
    """
    text = text or ""
    plain = text.isprintable() and text.isascii() and "\\" not in text and " " not in text
    path = text.partition("#")[0].partition("?")[0]
    return text if plain and path.startswith("/") and "//" not in path and not _hides(path) else "/"


def _hides(path: str) -> bool:
    """Whether the path carries a slash, backslash or control character in disguise, or climbs."""
    lowered = path.lower()
    disguised = ("@", "%2f", "%5c", "%09", "%0a", "%0d", "%00", "%25")
    return any(code in lowered for code in disguised) or ".." in path.split("/")
