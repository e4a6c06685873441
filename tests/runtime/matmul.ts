/** This program for tests multiplies two matrices and prints the result and the name of the back end. */

import { loadTensorFlow } from "../../src/runtime/tensorflow.ts";

const tf = await loadTensorFlow({ threads: 2 });
const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
console.log(tf.getBackend(), product.arraySync());
