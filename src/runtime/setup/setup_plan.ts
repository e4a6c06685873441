import { assetByName, assetsFor } from "./assets.ts";
import { assetStep } from "./asset_step.ts";
import { bindingStep, isBindingPlaced, placeBinding } from "./binding_step.ts";
import { placesIn } from "./places.ts";
import { detectPlatform } from "./platform.ts";
import type { SetupPlan } from "./setup.ts";

/**
 * Plans what `deno task setup` does in a project.
 *
 * @param from is a folder that packages are taken from; undefined downloads them
 * @param names are those of what is wanted beside what everybody needs
 * @throws {InputError} where the platform isn't supported, or a name isn't known
 */
export function setupPlan(root: string, from?: string, names: readonly string[] = []): SetupPlan {
  const places = placesIn(root);
  const wanted = [...assetsFor(detectPlatform()), ...names.map(assetByName)];
  const assets = wanted.map((asset) => assetStep(asset, places, from));
  const [tensorFlow] = assets;
  return {
    places,
    steps: [...assets, bindingStep(places, tensorFlow)],
    isFinished: () => isBindingPlaced(places),
    async finish() {
      placeBinding(places);
      // Some faults, such as an old C library, only show when the binding runs. It is tried out here, so that
      // they are reported now.
      const { loadTensorFlow } = await import("../tensorflow.ts");
      const tf = await loadTensorFlow({ threads: 1 });
      tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync();
    },
  };
}
