"""Attestations as the libraries of the in-toto project read and write them.

attestation.py COMMAND < arguments.json > answer.json
"""

import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey


def keys(arguments):
    """A new pair of keys, in PEM."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    return {
        "private": private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "public": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    }


def opened(arguments):
    """The envelope, and the statement in it; or null if the key did not sign it."""
    public = load_pem_public_key(arguments["public"].encode())
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = SSlibKey.from_crypto(public, keyid=hashlib.sha256(der).hexdigest())
    envelope = Envelope.from_dict(json.loads(arguments["envelope"]))
    try:
        envelope.verify([key], 1)
    except VerificationError:
        return None, None

    statement = json_format.Parse(envelope.payload, StatementMessage())
    Statement.copy_from_pb(statement).validate()
    return envelope, statement


def verify(arguments):
    """What an envelope says of a verdict, or null if the key did not sign it."""
    envelope, statement = opened(arguments)
    if statement is None:
        return None
    predicate = json_format.MessageToDict(statement.predicate)
    result = json_format.ParseDict(predicate, TestResult(), ignore_unknown_fields=True)
    for input in result.configuration:
        ResourceDescriptor.copy_from_pb(input).validate()
    return {
        "payloadType": envelope.payload_type,
        "predicateType": statement.predicate_type,
        "subjects": [[subject.name, dict(subject.digest)] for subject in statement.subject],
        "inputs": [[input.name, dict(input.digest)] for input in result.configuration],
        "result": result.result,
        "url": result.url,
        "passed": list(result.passed_tests),
        "warned": list(result.warned_tests),
        "failed": list(result.failed_tests),
        "verdict": predicate["mlspecVerdict"],
    }


def provenance(arguments):
    """What an envelope says of a run, or null if the key did not sign it. A field that the predicate does not have is an error."""
    envelope, statement = opened(arguments)
    if statement is None:
        return None
    predicate = json_format.MessageToDict(statement.predicate)
    result = json_format.ParseDict(predicate, Provenance())
    definition, details = result.build_definition, result.run_details
    for resource in [*definition.resolved_dependencies, *details.byproducts]:
        ResourceDescriptor.copy_from_pb(resource).validate()
    return {
        "predicateType": statement.predicate_type,
        "subjects": [[subject.name, dict(subject.digest)] for subject in statement.subject],
        "buildType": definition.build_type,
        "parameters": json_format.MessageToDict(definition.external_parameters),
        "dependencies": [[own.name or own.uri, dict(own.digest)] for own in definition.resolved_dependencies],
        "builder": details.builder.id,
        "run": details.metadata.invocation_id,
        "started": details.metadata.started_on.ToJsonString() if details.metadata.HasField("started_on") else None,
        "records": [own.name for own in details.byproducts],
    }


def sign(arguments):
    """An envelope about one subject."""
    subject = ResourceDescriptor(name="model.onnx", digest={"sha256": arguments["sha256"]})
    statement = Statement([subject.pb], arguments["predicateType"], arguments["predicate"])
    statement.validate()
    payload = json_format.MessageToJson(statement.pb).encode()
    envelope = Envelope(payload, "application/vnd.in-toto+json", {})
    envelope.sign(CryptoSigner(load_pem_private_key(arguments["private"].encode(), None)))
    return envelope.to_dict()


def policy(arguments):
    """Whether a policy lets a subject pass that asks for these objectives, and which of them did not pass."""
    result = json_format.ParseDict(arguments["predicate"], TestResult(), ignore_unknown_fields=True)
    missing = [name for name in arguments["required"] if name not in result.passed_tests]
    return {"allows": result.result == "PASSED" and not missing, "missing": missing}


COMMANDS = {"keys": keys, "verify": verify, "provenance": provenance, "sign": sign, "policy": policy}
json.dump(COMMANDS[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
