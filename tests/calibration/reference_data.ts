/**
 * Data that any language makes to the last digit, for figures of other libraries. In Python, with n = 400 and
 * i = np.arange(1, n + 1):
 *
 *   u = i * 0.6180339887498949 % 1
 *   v = i * 0.7548776662466927 % 1
 *   coarse = np.floor(50 * u) / 50                      # probabilities with ties
 *   y = (v < coarse ** 2).astype(int)
 *   logits = 4 * (i[:, None] * np.array([1, 2, 3]) * 0.6180339887498949 % 1)
 *   labels = np.floor(3 * v).astype(int)
 *   p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
 *   confidence, correct = p.max(1), logits.argmax(1) == labels
 *   w = i % 4                                           # weights
 */
const count = Float64Array.from({ length: 400 }, (_, index) => index + 1);

export const u = count.map((i) => i * 0.6180339887498949 % 1);
export const v = count.map((i) => i * 0.7548776662466927 % 1);
export const coarse = u.map((one) => Math.floor(50 * one) / 50);
export const y = Uint8Array.from(v, (one, i) => one < coarse[i] ** 2 ? 1 : 0);
export const w = Int32Array.from(count, (i) => i % 4);

export const threeClasses = {
  classes: 3,
  labels: Int32Array.from(v, (one) => Math.floor(3 * one)),
  logits: Float64Array.from(
    [...count].flatMap((i) => [1, 2, 3].map((c) => 4 * (i * c * 0.6180339887498949 % 1))),
  ),
};
