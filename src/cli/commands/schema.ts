/** `schema` prints the JSON schema of pipeline files, for editors. */

import type { Command } from "commander";
import { pipelineJsonSchema } from "../../pipeline/graph/json_schema.ts";
import { type PipelineOptions, planOf } from "./options.ts";

const examples = `
Editors find the schema by the first line of a pipeline file: # yaml-language-server: $schema=docs/pipeline.schema.json

Examples:
  deno task pipeline schema
  deno task --quiet pipeline schema > docs/pipeline.schema.json

Exit codes: 0 done, 2 wrong input.`;

export function addSchemaCommand(program: Command): void {
  program.command("schema")
    .description("print the JSON schema of pipeline files, with the parameters of this one's stages")
    .option("--json", "print JSON, which it does in any case", false)
    .addHelpText("after", examples)
    .action(async (_options: unknown, command: Command) => {
      const { instances, root } = await planOf(command.optsWithGlobals<PipelineOptions>());
      console.log(JSON.stringify(pipelineJsonSchema(instances, root), null, 2));
    });
}
