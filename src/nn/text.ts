/** A text, or a pair of texts. */
export interface Text {
  readonly text: string;
  readonly pair?: string | undefined;
}
