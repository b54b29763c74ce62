"""What the workflow that publishes may do, and in which order. Run by `.ci/run`: python -m unittest discover tests/python"""

import pathlib
import re
import subprocess
import tempfile
import unittest

import mlspec_lint

ROOT = pathlib.Path(__file__).resolve().parents[2]


def jobs():
    """Returns the text of each job."""
    text = (ROOT / ".github/workflows/release.yml").read_text().split("\njobs:\n")[1]
    parts = re.split(r"(?m)^  (\w+):\n", text)[1:]
    return dict(zip(parts[::2], parts[1::2]))


class Release(unittest.TestCase):
    def test_what_runs_code_of_others_may_not_sign_or_publish(self):
        found = jobs()
        self.assertEqual(set(found), {"test", "build", "attest", "publish", "image"})
        for name in ("test", "build"):
            permissions = re.search(r"    permissions:\n((?:      .+\n)+)", found[name])[1]
            self.assertEqual(permissions, "      contents: read\n", name)
        for name in ("attest", "publish", "image"):
            self.assertNotRegex(found[name], r"\bpip\b|\bcargo\b|maturin|npm|\.ci/run", name)
        for own in ("ubuntu-24.04", "actions/attest-build-provenance@"):
            self.assertIn(own, found["attest"])
        self.assertNotIn("run:", found["attest"])

    def test_nothing_is_published_that_was_not_tested_and_attested(self):
        found = jobs()
        needs = {name: set(re.findall(r"\w+", own[1])) for name, text in found.items() if (own := re.search(r"    needs: (.+)", text))}
        self.assertEqual(needs, {"attest": {"test", "build"}, "publish": {"attest"}, "image": {"attest"}})
        self.assertIn("- run: .ci/run\n", found["test"])
        for name, upload in (("publish", "pypa/gh-action-pypi-publish@"), ("image", "docker login")):
            before, _ = found[name].split(upload)
            self.assertIn("gh attestation verify --repo", before, name)
            for option in ("--signer-workflow", "--source-ref", "--source-digest", "--deny-self-hosted-runners"):
                self.assertIn(option, before, name)

    def test_what_is_installed_has_a_hash(self):
        text = "".join(jobs().values())
        installs = re.findall(r'pip" install (.+)', text)
        self.assertGreaterEqual(len(installs), 3)
        for own in installs:
            self.assertRegex(own, r"^(--require-hashes -r |--no-deps --no-index --find-links wheels )")
        listed = (ROOT / ".github/zig-requirements.txt").read_text()
        self.assertRegex(listed, r"(?m)^ziglang==[0-9.]+ \\\n    --hash=sha256:[0-9a-f]{64}$")

    def test_only_the_tag_of_the_version_is_published(self):
        command = re.search(r"        run: (test .+)", jobs()["test"])[1]
        for tag, code in ((f"v{mlspec_lint.__version__}", 0), ("v9.9.9", 1), ("", 1)):
            done = subprocess.run(["bash", "-c", command], cwd=ROOT, env={"TAG": tag, "PATH": "/usr/bin:/bin"}, check=False)
            self.assertEqual(done.returncode, code, tag)

    def test_the_list_of_digests_has_wheels_and_archives(self):
        command = re.search(r"          (\{ \(cd archives.+)\n", jobs()["publish"])[1]
        with tempfile.TemporaryDirectory() as folder:
            for name in ("archives/a.tar.gz", "archives/a.tar.gz.sha256", "wheels/b.whl"):
                path = pathlib.Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text("")
            subprocess.run(["bash", "-ec", command], cwd=folder, check=True)
            lines = pathlib.Path(folder, "SHA256SUMS").read_text().splitlines()
            self.assertEqual([line.split()[1] for line in lines], ["a.tar.gz", "b.whl"])


if __name__ == "__main__":
    unittest.main()
