"""Verifies sealed logs without mlspec-lint: python verify-log-seals.py KEY.pub LOG…, the oldest first. Needs `cryptography`."""

import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(lines):
    """The Merkle tree hash of RFC 9162, section 2.1.1, and the number of leaves."""
    subtrees, count = [], 0
    for line in lines:
        node, size = sha256(b"\x00" + line.removesuffix(b"\n")), 1
        while subtrees and subtrees[-1][1] == size:
            node, size = sha256(b"\x01" + subtrees.pop()[0] + node), 2 * size
        subtrees.append((node, size))
        count += 1
    root = subtrees.pop()[0] if subtrees else sha256(b"")
    while subtrees:
        root = sha256(b"\x01" + subtrees.pop()[0] + root)
    return root.hex(), count


def verify(key, logs):
    previous = None
    for number, log in enumerate(logs, 1):
        with open(log + ".seal.json", "rb") as file:
            envelope = json.load(file)
        payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
        signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
        key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)  # raises InvalidSignature
        statement = json.loads(payload)
        seal = statement["predicate"]
        if statement["predicateType"] != "https://github.com/mlspec/mlspec-lint/inference-log-seal/v1":
            sys.exit(f"{log}: this is no seal of a log")
        if (seal["sequence"], seal["previous"]) != (number, previous):
            sys.exit(f"{log}: a sealed file before it is missing, or stands in another place")
        previous = hashlib.sha256(payload).hexdigest()
        with open(log, "rb") as lines:
            if root_of(lines) != (seal["root"], seal["records"]):
                sys.exit(f"{log}: records were removed, added, moved or altered")
        print(f"{log}: {seal['records']} records as sealed")
    print(f"head: {previous}")


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        verify(load_pem_public_key(file.read()), sys.argv[2:])
