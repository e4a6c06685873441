"""Serves a classifier with FastAPI and uvicorn in one process: POST /predict answers {"text": …}.

  serve_peer.py PROGRAM PRECISION FOLDER THREADS      (prints the port that it listens at)
"""

import socket
import sys
import threading

import uvicorn
from fastapi import FastAPI
from predictors import Classifier, probabilities
from pydantic import BaseModel

classifier = Classifier(*sys.argv[1:])
classifier.predict(["a"])
app = FastAPI()
one_at_a_time = threading.Lock()  # since each prediction already has all threads


class Question(BaseModel):
    text: str


@app.post("/predict")
def predict(question: Question):
    with one_at_a_time:
        logits, _ = classifier.predict([question.text])
    [scores], [probs] = logits.tolist(), probabilities(logits).tolist()
    return {"label": probs.index(max(probs)), "probs": probs, "logits": scores}


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
