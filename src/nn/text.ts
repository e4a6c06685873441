/** A text, or a pair of them. */
export interface Text {
  readonly text: string;
  readonly pair?: string | undefined;
}
