"""Which facet of a person opens which of their fields."""

# The facet that opens each field of a person; what is not listed here is content, open to the highest level alone.
FIELDS = {
    "identity": (
        "surname", "name", "birth_date", "birth_place", "birth_place_name", "codice_fiscale",
        "no_codice_fiscale_reason", "phone", "email", "pec", "language", "contact_preference", "residence_address",
        "residence_municipality_id", "residence_postcode", "domicile_address", "domicile_municipality_id",
        "domicile_postcode", "state", "deceased_on", "sort_name", "search",
    ),
    "household": ("sex", "citizenship"),
    "summary": ("known_to_services", "first_contact_date"),
}  # fmt: skip
STRUCTURE = {"id", "registered_by_id", "version", "created_at"}


def facet_of(name: str) -> str:
    """The facet that opens a field of a person."""
    return next((facet for facet, names in FIELDS.items() if name in names), "content")
