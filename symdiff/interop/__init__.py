"""Bridges to other packages: SciPy's call forms, SymPy's expressions."""
