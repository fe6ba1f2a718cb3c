"""What derivatives are good for, shown: paths of descent, sensitivities, factors along a chain."""
