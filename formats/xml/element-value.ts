// The value of an element while it is read: attributes, elements and text, in the shape that the README describes.

export interface ShapeOptions {
  readonly lists: ReadonlySet<string>;
  readonly ordered: ReadonlySet<string>;
}

const white = /^[ \t\r\n]*$/;

export class ElementValue {
  readonly name: string;
  readonly #shape: ShapeOptions;
  /** A map, so that no name from outside is ever a property of ours. */
  readonly #members = new Map<string, unknown>();
  readonly #content: unknown[] | undefined;
  #text = '';
  #hasElements = false;

  constructor(name: string, attributes: Iterable<readonly [string, string]>, shape: ShapeOptions) {
    this.name = name;
    this.#shape = shape;
    this.#content = shape.ordered.has(name) ? [] : undefined;
    for (const [attribute, value] of attributes) this.#members.set(`@${attribute}`, value);
  }

  /** False where text stands between elements, which only an ordered element may have. */
  get isMixed(): boolean {
    return this.#hasElements && !this.#content && !white.test(this.#text);
  }

  addText(text: string): void {
    const last = this.#content?.at(-1);
    if (typeof last === 'string') this.#content?.splice(-1, 1, last + text);
    else if (this.#content) this.#content.push(text);
    else this.#text += text;
  }

  addElement(name: string, value: unknown): void {
    this.#hasElements = true;
    if (this.#content) {
      this.#content.push(Object.fromEntries([[name, value]]));
      return;
    }
    const known = this.#members.get(name);
    if (Array.isArray(known)) known.push(value);
    else if (this.#members.has(name)) this.#members.set(name, [known, value]);
    else this.#members.set(name, this.#shape.lists.has(name) ? [value] : value);
  }

  /** A text where there is nothing else. */
  get value(): unknown {
    if (this.#content) return Object.fromEntries([...this.#members, ['#content', this.#content]]);
    if (this.#members.size === 0) return this.#text;
    const hasText = this.#hasElements ? false : this.#text !== '';
    return Object.fromEntries(hasText ? [...this.#members, ['#text', this.#text]] : this.#members);
  }
}
