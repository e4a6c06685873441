"""Signs requests with AWS's own botocore: a line of JSON each, with method, url and headers.

The keys are those of the test. Prints JSON: for each request the signature, at the time that its headers have.
"""

import json
import sys

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def signature(method, url, headers):
    sent = {name: value for name, value in headers.items() if name != "authorization"}
    signer = S3SigV4Auth(Credentials("AKIDEXAMPLE", "very-secret/+=", "tok/en+="), "s3", "eu-central-1")
    request = AWSRequest(method=method, url=url, headers=sent)
    request.context["timestamp"] = sent["x-amz-date"]
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


print(json.dumps([signature(**json.loads(line)) for line in sys.stdin]))
