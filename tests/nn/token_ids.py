"""Prints the ids that transformers gives, and how tokenizers sees each code point.

Reads a JSON object {"folders": [path], "cases": [{"text", "pair"?, "max"}]} from stdin. Prints one of
{"ids": [[[id]]], "points": {part: [digest]}}: ids by folder and case, digests by part and block of 4096 code points.
"""

import hashlib
import json
import sys
import warnings

from tokenizers import normalizers, pre_tokenizers
from transformers import AutoTokenizer, logging

warnings.filterwarnings("ignore")
logging.set_verbosity_error()


def ids(tokenizer, cases):
    found = []
    for case in cases:
        # As batches: only there does the library take an empty second text for one.
        texts = [[case["text"]]] + ([[case["pair"]]] if "pair" in case else [])
        found.append(tokenizer(*texts, truncation=True, max_length=case["max"])["input_ids"][0])
    return found


def normalizer(**settings):
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return normalizers.BertNormalizer(**{**off, **settings}).normalize_str


def words(pre_tokenizer):
    return lambda character: "\t".join(word for word, _ in pre_tokenizer.pre_tokenize_str(f"a{character}a1{character}!{character}"))


parts = {
    "clean_text": normalizer(clean_text=True),
    "handle_chinese_chars": normalizer(handle_chinese_chars=True),
    "strip_accents": normalizer(strip_accents=True),
    "lowercase": normalizer(lowercase=True),
    "BertPreTokenizer": words(pre_tokenizers.BertPreTokenizer()),
    "ByteLevel": words(pre_tokenizers.ByteLevel(add_prefix_space=False)),
}


def digests(part):
    block = lambda first: [chr(c) for c in range(first, first + 4096) if not 0xD800 <= c < 0xE000]
    text = lambda first: "\n".join(map(part, block(first)))
    return [hashlib.sha256(text(first).encode()).hexdigest()[:8] for first in range(0, 0x110000, 4096)]


given = json.load(sys.stdin)
json.dump(
    {
        "ids": [ids(AutoTokenizer.from_pretrained(folder), given["cases"]) for folder in given["folders"]],
        "points": {name: digests(part) for name, part in parts.items()} if given.get("points") else {},
    },
    sys.stdout,
)
