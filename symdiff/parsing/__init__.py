"""Text in: formulas, programs and LaTeX become expressions, as written."""
