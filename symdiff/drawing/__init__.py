"""Expressions and derivations as pictures."""
