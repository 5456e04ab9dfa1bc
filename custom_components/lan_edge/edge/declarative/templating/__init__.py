"""Templates: Jinja expressions with bounds; only this package needs Jinja2."""
