/** What the exit codes of all commands mean. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;
