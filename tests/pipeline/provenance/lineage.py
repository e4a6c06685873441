"""Makes OpenLineage run events, a line each, of the values in those given, with OpenLineage's own client.

Prints JSON: the events as the client writes them, without the empty facets that it adds.
"""

import json
import sys

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import dataset_version_dataset
from openlineage.client.serde import Serde


def facet(_producer, _schemaURL, **values):
    return dataset_version_dataset.DatasetVersionDatasetFacet(producer=_producer, **values)


def dataset(kind, facets, **values):
    return kind(facets={name: facet(**members) for name, members in facets.items()}, **values)


def event(run, job, eventType, inputs, outputs, schemaURL, **values):
    return RunEvent(
        run=Run(**run),
        job=Job(**job),
        eventType=RunState[eventType],
        inputs=[dataset(InputDataset, **members) for members in inputs],
        outputs=[dataset(OutputDataset, **members) for members in outputs],
        **values,
    )


def without_empty(value):
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    if isinstance(value, dict):
        return {name: without_empty(member) for name, member in value.items() if member != {}}
    return value


events = [event(**json.loads(line)) for line in sys.stdin]
print(json.dumps([without_empty(json.loads(Serde.to_json(event))) for event in events]))
