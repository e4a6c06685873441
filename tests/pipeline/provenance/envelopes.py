"""Verifies DSSE envelopes, a line each, with securesystemslib: the argument is a file with a public key.

Prints JSON: for each, "verified" or the name of the error.
"""

import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

public = load_pem_public_key(pathlib.Path(sys.argv[1]).read_bytes())
encoded = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
key = SSlibKey.from_crypto(public, keyid=hashlib.sha256(encoded).hexdigest())


def outcome(line):
    try:
        Envelope.from_dict(json.loads(line)).verify([key], threshold=1)
        return "verified"
    except VerificationError as error:
        return type(error).__name__


print(json.dumps([outcome(line) for line in sys.stdin]))
