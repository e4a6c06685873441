/** What `deno task predict --help` says below the options. */
export const explanation = `
Examples:
  deno task predict --model finetune@hidden --input reviews.csv --text-column review --output answers.csv

Exit codes: 0 done, 2 wrong input, 130 interrupted.`;
