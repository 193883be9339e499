"""The register of what people ask about their data, and the month in which they are answered."""
