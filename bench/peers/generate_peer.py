"""transformers' part in sampling: `generate` with Calibrant's trained noise model, prompts and top-k.

  generate_peer.py MODEL_FOLDER PROMPTS VOCABULARY_SIZE BATCH_SIZE THREADS

MODEL_FOLDER is as train-noise-model writes it. A step completes only one batch of its prompts, taken from all
over them, because `generate` is slow. The vocabulary is filled up to its full size, as transformers' users leave
it, with pieces that are never drawn.
"""
import itertools, json, os, sys
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertLMHeadModel
from turns import serve

PAD, BEGIN, END, MASK, UNKNOWN = 0, 1, 2, 4, 5
folder, prompts_file, vocabulary, batch_size, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(0)

with open(os.path.join(folder, "noise-model.json")) as file:
    sizes = json.load(file)["config"]
model = BertLMHeadModel(BertConfig(
    vocab_size=int(vocabulary), hidden_size=sizes["hiddenSize"], num_hidden_layers=sizes["layers"],
    num_attention_heads=sizes["heads"], intermediate_size=sizes["feedForwardSize"],
    max_position_embeddings=sizes["maxPositions"], type_vocab_size=sizes["typeCount"],
    layer_norm_eps=sizes["layerNormEpsilon"], is_decoder=True,
    pad_token_id=PAD, bos_token_id=BEGIN, eos_token_id=END,
))
# Calibrant's model has no transform between the last layer and the table.
model.cls.predictions.transform = torch.nn.Identity()

weights = load_file(os.path.join(folder, "model.safetensors"))
known = sizes["vocabularySize"]
bias = torch.full((int(vocabulary),), -1e9)
bias[:known] = weights.pop("decoder.bias")
bias[[PAD, BEGIN, MASK, UNKNOWN]] = -1e9
table = torch.zeros(int(vocabulary), sizes["hiddenSize"])
table[:known] = weights.pop("embeddings.word_embeddings.weight")
named = {f"bert.{name}": tensor for name, tensor in weights.items()}
named["bert.embeddings.word_embeddings.weight"] = table
named["cls.predictions.decoder.weight"] = table
named["cls.predictions.decoder.bias"] = named["cls.predictions.bias"] = bias
missing, unexpected = model.load_state_dict(named, strict=False)
assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
model.eval()

with open(prompts_file) as file:
    steps = itertools.cycle(json.load(file))


def step():
    """Keeps the samples that end. Padding in a prompt is read, as it was in training."""
    texts = [text for batch in next(steps)["batches"] for text in batch["texts"]]
    ids = torch.tensor(texts[::len(texts) // int(batch_size)][:int(batch_size)])
    with torch.inference_mode():
        whole = model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=20, max_new_tokens=128
        )
    return sum(sample.index(END) + 1 for sample in whole[:, ids.shape[1]:].tolist() if END in sample)


serve(step)
