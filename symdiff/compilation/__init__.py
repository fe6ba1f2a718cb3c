"""Code that runs fast: one program of single assignments for any set of outputs, and the back ends that spell it."""
