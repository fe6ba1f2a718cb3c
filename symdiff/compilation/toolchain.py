"""The system's C compiler: source text to a loaded library, kept on disk under the hash of what it was made from."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from symdiff.errors import CompilerError

__all__ = ["compiler", "loaded"]

FLAGS = ("-std=c99", "-O2", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno")
"""Every operation rounds as IEEE 754 says; nothing is fused or reordered."""
LONG = 60_000
"""Characters of source from which on the compiler optimises less, in a third of the time (measured on 2,000 steps, whose call took no longer)."""


def compiler() -> str:
    """The command of the C compiler: $CC, cc, gcc or clang.  Raises CompilerError where there is none."""
    for command in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if command and (found := shutil.which(command)):
            return found
    raise CompilerError("no C compiler was found (looked for $CC, cc, gcc and clang); install one, or use backend='numpy' or 'python'")


@cache
def _version(command: str) -> bytes:
    return subprocess.run([command, "--version"], capture_output=True, check=False).stdout


def _folder() -> Path:
    """Where compiled libraries are kept: the user's cache, or where that cannot be written a folder of this process."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "symdiff" / "c"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK) and (not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()):
            return folder
    except OSError:
        pass
    return _own_folder()


@cache
def _own_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="symdiff-"))


def loaded(source: str) -> ctypes.CDLL:
    """The library compiled from that source, from the cache where it was compiled before.

    Raises CompilerError where there is no compiler, or it fails; the message shows what it said.
    """
    command = compiler()
    flags = [flag if flag != "-O2" or len(source) < LONG else "-Og" for flag in FLAGS]
    key = hashlib.sha256(b"\0".join([source.encode(), " ".join(flags).encode(), command.encode(), _version(command)])).hexdigest()
    path = _folder() / f"{key}.so"
    if not path.exists():
        _compile(command, flags, source, path)
    try:
        return ctypes.CDLL(str(path))
    except OSError:  # a damaged file
        _compile(command, flags, source, path)
        return ctypes.CDLL(str(path))


def _compile(command: str, flags: list[str], source: str, path: Path) -> None:
    """Compile next to the final place and move there at once, so that no one ever loads half a file."""
    with tempfile.TemporaryDirectory(prefix="build-", dir=path.parent) as folder:
        made = Path(folder) / "made.so"
        text = Path(folder) / "made.c"
        text.write_text(source, encoding="ascii")
        done = subprocess.run([command, *flags, "-o", str(made), str(text), "-lm"], capture_output=True, text=True, check=False)
        if done.returncode or not made.exists():
            raise CompilerError(f"the C compiler {command} failed: {done.stderr.strip()[:2000]}")
        os.replace(made, path)
