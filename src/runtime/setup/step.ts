/** A step makes one folder below artifacts/setup. */
export interface Step {
  /** The name of the folder. */
  readonly name: string;
  /** The name that people see for what is in the folder. */
  readonly title: string;
  /**
   * The digest of everything that decides what will be in the folder. When it changes, the folder is made
   * anew.
   */
  readonly madeFrom: string;
  /** The room on the disk that making it takes, downloads included. */
  readonly megabytes: number;
  /** Facts that results depend on beside the files' digests. */
  readonly facts?: Readonly<Record<string, string>>;
  /**
   * Tries a tool that `fill` needs.
   *
   * @throws {InputError} saying which tool is missing and how to get it
   */
  requireTool(): Promise<void>;
  /**
   * Fills an empty folder, telling `report` what it is doing.
   *
   * @throws {InputError} saying what went wrong
   */
  fill(folder: string, report: (doing: string) => void): Promise<void>;
}
