/** Returns the classes' probabilities; logits of any size don't overflow. [n × classes] */
export function softmax(logits: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const end = start + classes;
    const largest = rowMaximum(logits, start, end);
    let total = 0;
    for (let at = start; at < end; at++) total += result[at] = Math.exp(logits[at] - largest);
    for (let at = start; at < end; at++) result[at] /= total;
  }
  return result;
}

/**
 * Returns the natural logarithms of the classes' probabilities, which stay finite where a probability would
 * be 0. [n × classes]
 */
export function logSoftmax(logits: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const end = start + classes;
    const largest = rowMaximum(logits, start, end);
    let total = 0;
    for (let at = start; at < end; at++) total += Math.exp(logits[at] - largest);
    for (let at = start; at < end; at++) result[at] = logits[at] - largest - Math.log(total);
  }
  return result;
}

function rowMaximum(logits: Float64Array, start: number, end: number): number {
  let largest = logits[start];
  for (let at = start + 1; at < end; at++) largest = Math.max(largest, logits[at]);
  return largest;
}
