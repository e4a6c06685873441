/** The exit codes of all programs, by what they mean. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, interrupted: 130, brokenPipe: 141 } as const;
