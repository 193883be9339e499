"""The ISO 3166 code of a state, found by its name."""

from collections.abc import Callable

from core.language.matching import normalise

# Where the source and CLDR call a state by different names.
OTHERWISE = {
    "bosnia erzegovina": "BA", "congo": "CG", "federazione russa": "RU", "isole faer oer": "FO",
    "isole wallis e futuna": "WF", "myanmar": "MM", "repubblica ceca": "CZ",
    "repubblica democratica del congo": "CD", "repubblica di corea": "KR",
    "repubblica popolare democratica di corea": "KP", "stati federati di micronesia": "FM",
    "stato citta del vaticano": "VA", "territori dellautonomia palestinese": "PS", "timor orientale": "TL",
}  # fmt: skip


def iso_codes() -> Callable[..., str | None]:
    """A finder of codes by the names a state goes by; the tables are built once for all states."""
    from babel import Locale  # noqa: PLC0415  only loading the reference needs CLDR's names

    known = {
        normalise(name): code
        for language in ("en", "it")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()  # noqa: PLR2004  three digits are continents
    } | OTHERWISE

    def code_of(*names: str) -> str | None:
        return next((known[key] for name in names if (key := normalise(name)) in known), None)

    return code_of
