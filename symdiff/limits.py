"""Every limit of the library, named, with its default; set one with `symdiff.limits.input_length = ...`.

A limit never changes a value: work that would cross one either keeps the right unfolded form or raises LimitError.
"""

input_length = 1_000_000
"""Characters of formula text that `parse` accepts; a million takes a few seconds."""

literal_digits = 4_000
"""Digits of one number in formula text."""

named_symbols = 1_000_000
"""Symbols that one range such as x0:100 makes."""

folded_bits = 4_096
"""Bits of an exact number made by folding constants; larger results stay unfolded (9^9^9^9 stays a power)."""

printed_length = 20_000_000
"""Characters of one printed formula (text, LaTeX); a shared graph can be exponentially longer as text than in memory."""

derivative_order = 1_000
"""Largest order of differentiation, and of a polygamma function, which is a derivative of that order."""

derivative_steps = 2_000_000
"""Steps of a derivative or series of high order, about the square of the order for every operation of the formula; a few seconds.
The derivatives written in one LaTeX text may take a twentieth of them."""

drawn_nodes = 20_000
"""Boxes of one drawing that is a page, DOT, Mermaid or JSON."""

graphviz_nodes = 1_000
"""Boxes of one static picture (SVG, PNG, PDF), which nobody could read with more, and of one flow; a larger picture shows its top."""

exact_bits = 65_536
"""Bits of any exact number met while a formula is evaluated exactly."""

digits = 10_000
"""Significant digits `evaluate` works with; gamma and erf take a few seconds for so many."""

simplified_nodes = 20_000
"""Distinct nodes of an expression that simplify works on with all stages; beyond, it collects like terms and says so."""

simplifier_work = 20_000
"""Steps of one simplification (about a tenth of a millisecond each); beyond, further sums stay as they are and the report says so."""

expanded_terms = 20_000
"""Terms that one call of expand, cancel or collect may form; further powers and products of sums stay as they are."""
