/**
 * Values of params whose text in a jaxpr is not derived from the value.
 *
 * @module
 */

/** Text that the jaxpr printer shows as it is. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}
