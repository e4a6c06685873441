/** Reads what TensorFlow reports about a traced run: each operation, when it ran, and what it computed. */

import { fromBinary } from "@bufbuild/protobuf";
import { GraphDefSchema, type NodeDef } from "../../graph/saved_model_pb.ts";
import { RunMetadataSchema } from "./step_stats_pb.ts";
import { matrixProductFlops, type ShapeOf } from "./matrix_product_flops.ts";

/** One operation of a traced run. */
export interface TracedOperation {
  readonly node: string;
  /** TensorFlow's name of the kind of operation. TensorFlow may have fused several of ours into it. */
  readonly type: string;
  readonly device: string;
  readonly thread: number;
  /** The start, in milliseconds since the run's first operation started. */
  readonly start: number;
  readonly milliseconds: number;
  /**
   * The floating-point operations of a matrix product. It is 0 for all other operations, whose time goes into
   * memory traffic.
   */
  readonly flops: number;
}

/** The operations of a traced run. */
export interface TracedRun {
  /** When the first operation started, in nanoseconds of TensorFlow's clock. */
  readonly started: bigint;
  /** The operations in the order in which they started. */
  readonly operations: readonly TracedOperation[];
}

/** Reads an encoded RunMetadata. */
export function tracedRun(metadata: Uint8Array): TracedRun {
  const { stepStats, partitionGraphs } = fromBinary(RunMetadataSchema, metadata);
  const nodes = new Map<string, NodeDef>();
  for (const graph of partitionGraphs) {
    for (const node of fromBinary(GraphDefSchema, graph).node) nodes.set(node.name, node);
  }
  const devices = stepStats?.devStats ?? [];
  const stats = devices.flatMap(({ device, nodeStats }) => nodeStats.map((node) => ({ device, ...node })));
  const shapes = new Map<string, readonly number[]>();
  for (const { nodeName, output } of stats) {
    for (const { slot, tensorDescription } of output) {
      const dimensions = tensorDescription?.shape?.dim ?? [];
      shapes.set(`${nodeName}:${slot}`, dimensions.map(({ size }) => Number(size)));
    }
  }
  const shapeOf: ShapeOf = (reference) => shapes.get(reference.includes(":") ? reference : `${reference}:0`);
  const started = stats.reduce(
    (first, { allStartNanos }) => allStartNanos < first ? allStartNanos : first,
    stats[0]?.allStartNanos ?? 0n,
  );
  const operations = stats.map(({ device, nodeName, threadId, allStartNanos, allEndRelNanos }) => {
    const node = nodes.get(nodeName);
    return {
      node: nodeName,
      type: node?.op ?? "unknown",
      device,
      thread: threadId,
      start: Number(allStartNanos - started) / 1e6,
      milliseconds: Number(allEndRelNanos) / 1e6,
      flops: node ? matrixProductFlops(node, shapeOf) : 0,
    };
  });
  return { started, operations: operations.sort((a, b) => a.start - b.start) };
}
