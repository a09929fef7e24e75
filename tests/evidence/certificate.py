"""Checks a certificate with implementations that are not ours: securesystemslib for envelope and signature, in-toto-attestation
for the statement. Usage: certificate.py FOLDER PUBLIC_KEY. Ends with an error where something does not hold."""

import base64
import copy
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

folder, key_file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
# Its own way of naming keys must come to the same id, or it finds no signature of this key.
key = SSlibKey.from_crypto(load_pem_public_key(key_file.read_bytes()))
written = json.loads((folder / "certificate.json").read_text())


def opened(envelope):
    """The envelope as securesystemslib reads it, which takes apart what it is given."""
    return Envelope.from_dict(copy.deepcopy(envelope))


def accepted(envelope):
    """Whether somebody who has only the public key accepts it."""
    try:
        return key.keyid in opened(envelope).verify([key], 1)
    except VerificationError:
        return False


def altered(payload):
    """The same signature around another payload."""
    return {**written, "payload": base64.b64encode(payload).decode()}


assert accepted(written), "the signature is refused"
payload = opened(written).payload
assert accepted(altered(payload)), "it is not the payload that makes the difference"
for other in [payload + b" ", payload.replace(b"WARNED", b"PASSED"), payload.replace(b"stand-in", b"staging!"), b""]:
    assert other != payload and not accepted(altered(other)), "an altered payload is accepted"
assert not accepted({**written, "payloadType": "application/json"}), "another payload type is accepted"

statement = json_format.Parse(payload, statement_pb2.Statement())
Statement.copy_from_pb(statement).validate()
assert statement.predicate_type == "https://in-toto.io/attestation/test-result/v0.1", statement.predicate_type
for subject in statement.subject:
    digest = hashlib.sha256((folder / subject.name).read_bytes()).hexdigest()
    assert subject.digest["sha256"] == digest, f"{subject.name} has another digest"

predicate = json.loads(payload)["predicate"]
# Fields of one's own are ignored by those who do not know them; all others must be of the types that in-toto says.
known = {name: value for name, value in predicate.items() if "://" not in name}
tests = json_format.ParseDict(known, test_result_pb2.TestResult())
assert tests.result in ("PASSED", "WARNED"), tests.result
assert tests.configuration and not tests.failed_tests
passed, warned = set(tests.passed_tests), set(tests.warned_tests)
results = json.loads((folder / "results.json").read_text())
verdicts = {requirement["id"]: requirement["verdict"] for requirement in results["requirements"]}
assert passed == {name for name, verdict in verdicts.items() if verdict == "pass"}, "passedTests are others"
assert warned == {name for name, verdict in verdicts.items() if verdict in ("warn", "fail")}, "warnedTests are others"
print(f"{key.keytype}: verified by securesystemslib; {len(passed)} passed, {len(warned)} warned; in-toto statement valid")
