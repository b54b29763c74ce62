"""`python -m mlspec_lint` is `mlspec-lint`."""

import os
import subprocess
import sys

from ._program import MlspecLintError, find_program


def main() -> None:
    try:
        program = find_program()
    except MlspecLintError as error:
        sys.exit(f"error: {error}")
    if sys.platform == "win32":
        # There is no way to become another process.
        sys.exit(subprocess.run([program, *sys.argv[1:]], check=False).returncode)
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
