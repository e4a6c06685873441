import { InputError } from "../errors.ts";

const start = "version https://git-lfs.github.com/spec/";

/** Tells whether a file's text only points to the file's content, which Git LFS keeps elsewhere. */
export function isPointer(text: string): boolean {
  return text.startsWith(start);
}

/** Makes the error to throw for a file that is a pointer. */
export function pointerFound(file: string, expected: string): InputError {
  return new InputError({
    at: { file },
    found: "a Git LFS pointer, which stands for a file that wasn't downloaded",
    expected,
    fix: "Get the file itself: run `git lfs pull` in the clone that it is from, or download it.",
  });
}
