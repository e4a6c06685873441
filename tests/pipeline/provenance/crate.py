"""Validates a crate with roc-validator against the profile Process Run Crate 0.5. The arguments are its folder and where
to keep a cache of what the validator would download: RO-Crate's JSON-LD context, here from the package rocrate.

Prints JSON: whether it is valid, how many required checks were made, what is wrong.
"""

import json
import sys
from importlib.resources import files

from requests_cache import CachedRequest, CachedResponse
from rocrate_validator import services
from rocrate_validator.utils.http import HttpRequester

settings = services.ValidationSettings(
    rocrate_uri=sys.argv[1],
    cache_path=sys.argv[2],
    offline=True,
    profile_identifier="process-run-crate-0.5",
    requirement_severity="REQUIRED",
)
context = "https://w3id.org/ro/crate/1.1/context"
HttpRequester().session.cache.save_response(
    CachedResponse(
        status_code=200,
        url=context,
        headers={"Content-Type": "application/ld+json"},
        content=(files("rocrate") / "data" / "ro-crate.jsonld").read_bytes(),
        request=CachedRequest(method="GET", url=context),
    )
)
result = services.validate(settings)
issues = sorted({issue.message for issue in result.get_issues()})
print(json.dumps({"valid": result.passed(), "checks": len(result.executed_checks), "issues": issues}))
