/** Reads predictions of any framework, and the names of their columns. */

import { join } from "node:path";
import {
  forecastsOf,
  readPredictionFile,
  readUnlabelledFile,
} from "../../src/calibration/predictions/file.ts";
import { readPredictions } from "../../src/calibration/predictions/logits_file.ts";
import { parseColumns } from "../../src/calibration/predictions/reading.ts";
import { type Reader, textOf, texts } from "./reader.ts";

const csv = [
  "id,label,prob_0,prob_1,votes\nr1,0,0.75,0.25,0.1\nr2,1,0.5,0.5,1\n",
  'id;label;logit_0;logit_1;energy\n"a;""b""";1;-0,5;1,25;3\n"two\nlines";0;2;1;-1e3\n',
  "label\tprob_neg\tprob_pos\nneg\t0.9\t0.1\npos\t0.2\t0.8\n",
];
const jsonRows = [
  '{"id": "r1", "label": 1, "logits": [-0.3, 1.2], "energy": 3.5, "votes": 0.5}\n' +
  '{"id": "r2", "label": 0, "logits": [2, 1e-3], "energy": -1, "votes": 0}\n',
  '{"label": "neg", "probs": {"neg": 0.9, "pos": 0.1}}\n{"label": "pos", "probs": {"neg": 0.2, "pos": 0.8}}\n',
  '{"label": 2, "logits": [0, 1, 2], "votes": [0, 0.25, 0.75]}\n',
];

export const predictionReaders: readonly Reader[] = [
  {
    name: "readPredictionFile of CSV",
    corpus: texts(...csv),
    file: "predictions.csv",
    read: async (folder) => forecastsOf(await readPredictionFile(join(folder, "predictions.csv"))),
  },
  {
    name: "readPredictionFile of JSON Lines",
    corpus: texts(...jsonRows),
    file: "predictions.jsonl",
    read: async (folder) => forecastsOf(await readPredictionFile(join(folder, "predictions.jsonl"))),
  },
  {
    name: "readPredictionFile with names",
    corpus: texts(
      "y,p0,p1\nneg,3,1\npos,0.5,0.5\n",
      '{"y": "neg", "p0": 0.5, "p1": 1}\n{"y": 1, "p0": 1, "p1": 0}\n',
    ),
    file: "predictions.jsonl",
    read: (folder) =>
      readPredictionFile(join(folder, "predictions.jsonl"), {
        columns: { label: ["y"], probs: ["p0", "p1"] },
        classNames: ["neg", "pos"],
        normalize: true,
      }),
  },
  {
    name: "readUnlabelledFile and readPredictions",
    corpus: texts(csv[0].replaceAll("prob", "logit"), jsonRows[0]),
    file: "predictions",
    read: async (folder) => {
      await readUnlabelledFile(join(folder, "predictions"));
      await readPredictions(join(folder, "predictions"));
    },
  },
  {
    name: "parseColumns",
    corpus: texts("label=y_true,probs=p0,p1", "id=a,logits=b"),
    file: "columns",
    read: (_, bytes) => parseColumns(textOf(bytes)),
  },
];
