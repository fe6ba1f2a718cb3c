"""A second opinion on derivatives: imports neither calculus nor simplification."""
