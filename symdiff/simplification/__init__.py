"""Short forms that keep every value: canonical form, rational simplification, rules, search."""
