/** Natural logarithms of the classes' probabilities, without overflow: z − ln Σ exp z. [n × classes] */
export function logSoftmax(logits: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]);
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[start + c] - largest);
    const normaliser = largest + Math.log(total);
    for (let c = 0; c < classes; c++) result[start + c] = logits[start + c] - normaliser;
  }
  return result;
}

/** The classes' probabilities, without overflow. [n × classes] */
export function softmax(logits: Float64Array, classes: number): Float64Array {
  return logSoftmax(logits, classes).map(Math.exp);
}
