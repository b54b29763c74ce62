"""Packs the program of a wheel, with its license, as mlspec-lint-TARGET.tar.gz, and its SHA-256 beside it: archive.py TARGET WHEELS ARCHIVES"""

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path


def main(target: str, wheels: Path, archives: Path) -> None:
    (wheel,) = wheels.glob("*.whl")
    archives.mkdir(exist_ok=True)
    path = archives / f"mlspec-lint-{target}.tar.gz"
    with zipfile.ZipFile(wheel) as packed, tarfile.open(path, "w:gz") as archive:
        names = [name for name in packed.namelist() if name.endswith(("/scripts/mlspec-lint", "/scripts/mlspec-lint.exe"))]
        (program,) = names
        licenses = [name for name in packed.namelist() if name.endswith("/LICENSE")]
        for name in [program, *licenses[:1]]:
            content = packed.read(name)
            member = tarfile.TarInfo(Path(name).name)
            member.size, member.mode = len(content), 0o755 if name == program else 0o644
            archive.addfile(member, io.BytesIO(content))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    Path(f"{path}.sha256").write_text(f"{digest}  {path.name}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
