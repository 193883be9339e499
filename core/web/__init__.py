"""Everything of the front end that is no feature: templates, static files, headers, error pages."""
