/** What `deno task predict --help` says below the options. */
export const explanation = `
A model's folder is one that finetune writes (artifacts/finetune/hidden/model), or one of Hugging Face with a
classifier of a family that is supported: config.json, model.safetensors, tokenizer.json. mc-dropout has the
baseline's classifier, and is predicted as that: with no dropout.

The input is JSON Lines with {"text": …}, {"text": …, "pair": …} or tokens, {"input_ids": […],
"token_type_ids": […]}; a CSV or TSV with a header; or one text a line. Rows may have an id; others are named
by their number. The answers come in the same order:
  id, label       the row's name, and its most probable class
  probs           each class's probability, calibrated unless stderr says otherwise
  logits          what they were made of, in the order of the classes
  energy          low for texts like the training ones, where the model has one
  energyQuantile  the share of dev1's texts whose energies are at most as high
  unfamiliar      whether at most 1 % of texts like dev1's have so high an energy
  cut             whether the text was longer than the model reads
  abstain         with --abstain-at: whether the confidence is too low
  set             with --sets: the classes of the conformal set

--abstain-at 0.02 chooses the confidence, on dev1, so that the error among the other texts is at most 2 %, with
95 % certainty over draws of dev1. --sets 0.9 gives sets that hold the true class of 90 % of texts, on average
over draws of dev1. Both hold for texts drawn like dev1's and take the fitted temperature as given. Whoever
has other texts fits it anew on some of them, labelled, with deno task calibrate; from then on they stand in
the place of dev1's.

Rows are read and written in windows of 1,024, so that an input of any size can be predicted. Ctrl-C leaves
whole lines only. --resume goes on behind whole windows; it predicts the last of them once more, to see whether model,
options and input are the same, and gives the bytes that a whole run gives.

Examples:
  deno task predict --model finetune@hidden --input reviews.csv --text-column review --output answers.csv
  deno task predict --model ~/models/my-bert --input texts.jsonl --output answers.jsonl --abstain-at 0.02
  echo "A fine film." | deno task predict --model finetune@hidden

Exit codes: 0 done, 2 wrong input, 130 interrupted.`;
