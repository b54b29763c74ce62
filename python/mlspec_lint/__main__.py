"""`python -m mlspec_lint` is `mlspec-lint`."""

import os
import subprocess
import sys

from ._program import MlspecLintError, checked_program


def main() -> None:
    try:
        program = checked_program()
        if sys.platform == "win32":
            # There is no way to become another process.
            sys.exit(subprocess.run([program, *sys.argv[1:]], check=False).returncode)
        os.execv(program, [program, *sys.argv[1:]])
    except (MlspecLintError, OSError) as error:
        # With the exit code of wrong usage: 1 would mean that something was found.
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
