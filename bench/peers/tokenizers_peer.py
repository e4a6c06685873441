"""Tokenises with the Python package `tokenizers`, which spreads a batch over its own threads.

  tokenizers_peer.py TOKENIZER_JSON TEXTS      (TEXTS is a JSON list)
"""
import json, sys
from tokenizers import Tokenizer
from turns import serve

tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.enable_truncation(128)
tokenizer.no_padding()
with open(sys.argv[2]) as file:
    texts = json.load(file)


def step():
    tokenizer.encode_batch(texts)
    return len(texts)


serve(step)
