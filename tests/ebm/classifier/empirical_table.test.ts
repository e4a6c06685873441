/** Tests when PosCal's table is measured; what it holds is tested in `class_loss.test.ts`. */
import assert from "node:assert/strict";
import { currentTable, type EmpiricalTable } from "../../../src/ebm/classifier/empirical_table.ts";

/**
 * Goes through some steps, and returns those at which a table was measured and the table that each was given.
 */
function train(from: number, to: number, found?: EmpiricalTable) {
  let step = from;
  const measured: number[] = [];
  const measure = () => {
    measured.push(step);
    return { shares: [step], observed: [1] };
  };
  const table = currentTable(3, measure);
  table.latest = found;
  const given: number[] = [];
  for (; step <= to; step++) given.push(table.at(step).shares[0]);
  return { measured, given, latest: table.latest };
}

Deno.test("the table is measured before the first step and every so many steps, and is the same in between", () => {
  const { measured, given } = train(1, 8);
  assert.deepEqual(measured, [1, 4, 7]);
  assert.deepEqual(given, [1, 1, 1, 4, 4, 4, 7, 7]);
});

Deno.test("training that is resumed after any step is given the tables that it would have been given", () => {
  const undisturbed = train(1, 8).given;
  for (let done = 1; done < 8; done++) {
    const before = train(1, done);
    const after = train(done + 1, 8, before.latest);
    assert.deepEqual([...before.given, ...after.given], undisturbed);
  }
});
