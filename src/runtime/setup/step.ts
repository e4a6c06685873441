/** Makes one folder below artifacts/setup. */
export interface Step {
  /** The folder's name. */
  readonly name: string;
  /** What a person calls what is in it. */
  readonly title: string;
  /** Digest of everything that decides what will be in the folder: when it changes, the folder is made anew. */
  readonly madeFrom: string;
  /** Room on the disk that making it takes, downloads included. */
  readonly megabytes: number;
  /** What results depend on beside the files' digests. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Tries a tool that `fill` needs. @throws {InputError} saying which is missing and how to get it */
  requireTool(): Promise<void>;
  /** Fills an empty folder, telling `report` what it is doing. @throws {InputError} saying what went wrong */
  fill(folder: string, report: (doing: string) => void): Promise<void>;
}
