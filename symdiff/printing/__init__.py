"""Expressions out, as text a person reads: infix, LaTeX."""
