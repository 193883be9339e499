"""Values that change by year, region or municipality, each with its validity and source."""
