"""Parses in-toto statements with SLSA provenance, a line each, by their protocol buffers, which refuse unknown fields,
and validates them with in-toto-attestation.

Prints JSON: for each, "valid" or what is wrong.
"""

import json
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message


def outcome(line):
    try:
        Statement.copy_from_pb(json_format.Parse(line, Message())).validate()
        json_format.ParseDict(json.loads(line)["predicate"], Provenance())
        return "valid"
    except (ValueError, json_format.ParseError) as error:
        return str(error)


print(json.dumps([outcome(line) for line in sys.stdin]))
