// Writes JavaScript: lines, names of its own, and constants. No text of an expression gets in but as a checked literal.

/**
 * A value in the code that is written: its name there, and what is known of it. `value`: it is collapsed. `fresh`: an array
 * that was gathered as a sequence and has no marks yet. `maybe`: it may be a marked sequence that is not collapsed.
 */
export interface Operand {
  readonly js: string;
  readonly kind: 'value' | 'fresh' | 'maybe';
  readonly isBoolean?: boolean;
}

export class Emitter {
  readonly constants: unknown[] = [];
  /** Whether functions are written that wait for what they call. */
  private readonly isAsync: boolean;
  private lines: string[] = [];
  private names = 0;

  constructor(isAsync: boolean) {
    this.isAsync = isAsync;
  }

  line(text: string): void {
    this.lines.push(text);
  }

  /** A name that nothing else has. */
  name(): string {
    this.names += 1;
    return `v${this.names}`;
  }

  /** Holds the value of code in a name. */
  hold(code: string): string {
    const name = this.name();
    this.line(`const ${name} = ${code};`);
    return name;
  }

  /** Holds what a function gives that may have to wait. */
  holdAwaited(code: string): string {
    return this.hold(this.isAsync ? `await ${code}` : code);
  }

  /** A name that is assigned to later. */
  variable(start = 'undefined'): string {
    const name = this.name();
    this.line(`let ${name} = ${start};`);
    return name;
  }

  /** What `write` writes, as text. */
  captured(write: () => void): string {
    const outer = this.lines;
    this.lines = [];
    write();
    const inner = this.lines.join('\n');
    this.lines = outer;
    return inner;
  }

  /** The code of a function whose body `write` writes; it gives the code of the result. */
  closure(parameters: readonly string[], write: () => string): string {
    const body = this.captured(() => this.line(`return ${write()};`));
    return `${this.isAsync ? 'async ' : ''}(${parameters.join(', ')}) => {\n${body}\n}`;
  }

  /** A value that the code refers to by its place in a table. */
  constant(value: unknown): string {
    this.constants.push(value);
    return `k[${this.constants.length - 1}]`;
  }

  text(): string {
    return this.lines.join('\n');
  }
}

/** Text as a literal: JSON, which is JavaScript. */
export function literal(value: string | number | boolean | null): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? String(value) : 'Infinity';
  return JSON.stringify(value);
}
