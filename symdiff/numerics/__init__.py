"""Numeric differentiation as the textbooks have it, and its errors against the step."""
