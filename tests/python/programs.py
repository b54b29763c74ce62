"""Programs that stand in for `mlspec-lint`, for the tests of what the module does with an answer that cannot be believed."""

import contextlib
import json
import os
import pathlib
import shlex
import tempfile
import unittest
from unittest import mock

import mlspec_lint


def write_program(path, *, version=mlspec_lint.__version__, prints=b"", code=0, says="", instead=None):
    """Writes a program that has a version, and whatever else it is asked, prints this, or runs these lines of a shell instead."""
    path.parent.mkdir(parents=True, exist_ok=True)
    printed = path.with_name(path.name + ".printed")
    printed.write_bytes(prints if isinstance(prints, bytes) else json.dumps(prints).encode())
    own = instead or f"cat {shlex.quote(str(printed))}; echo {shlex.quote(says)} >&2; exit {code}"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "mlspec-lint {version}" && exit\n{own}\n')
    path.chmod(0o755)
    return path


@contextlib.contextmanager
def program(**about):
    """Lets the module run a program that stands in for its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_program(pathlib.Path(folder, "mlspec-lint"), **about)
        with mock.patch.dict(os.environ, {"MLSPEC_LINT_PROGRAM": str(path)}):
            yield path


needs_shell = unittest.skipIf(os.name == "nt", "the programs that stand in are scripts of a shell")
