"""A long fuzz: python tests/fuzz/run.py road -max_total_time=900 tests/fuzz/corpus (needs atheris, which the extra `fuzz` installs).

The first argument names the target of targets.py; all others are libFuzzer's.  A finding ends the run and is printed, as is a text that
takes longer than PATIENCE; keep it as a line of tests/cases/fuzz_findings.txt, where the suite tries it for ever.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))  # the checkout's own package, wherever this runs
sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["symdiff"]):
    import targets

    targets.road("x^2*sin(x)/(1 + x)")  # loads what is loaded on first use

PATIENCE = 60
"""The seconds of processor time that a text may take."""

EVERYTHING = 6
"""One input in so many is taken as text as it is; the others choose from the alphabet, and so are formulas more often."""


def text_of(data: bytes, alphabet: list[str]) -> str:
    """The text that bytes stand for."""
    if data and data[0] % EVERYTHING == 0:
        return data[1:].decode("utf-8", "replace")
    return "".join(alphabet[byte % len(alphabet)] for byte in data[1:60])


def main() -> None:
    name = sys.argv.pop(1)
    target, alphabet = targets.TARGETS[name], targets.ALPHABETS.get(name, targets.ALPHABET)
    targets.short_limits()

    def endless(*_: object) -> None:
        raise targets.Finding(f"longer than {PATIENCE} s")

    def one(data: bytes) -> None:
        text = text_of(data, alphabet)
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        try:
            target(text)
        except BaseException:
            print(f"FINDING {text!r}", flush=True)
            raise
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    signal.signal(signal.SIGVTALRM, endless)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
