"""Derivatives: every rule is read from the rows of the table, and the chain rule is written once."""
