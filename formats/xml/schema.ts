// XML Schema: documents are checked by libxml2, with the schema and what it includes out of the project, and nothing else.

import type { ProjectFile } from '@mortise/sdk';
import { XmlDocument, XmlLibError, XsdValidator, xmlRegisterInputProvider, ParseOption } from 'libxml2-wasm';
import { xmlError } from './errors.ts';

/** Gives nothing to libxml2 but the files that it asks for while a schema is read. */
class ProjectFiles {
  readonly #open = new Map<number, { bytes: Uint8Array; at: number }>();
  #root: ProjectFile | undefined;
  #next = 1;

  /** Runs with the file and those beside it readable, under its path. */
  reading<Result>(root: ProjectFile, read: () => Result): Result {
    this.#root = root;
    try {
      return read();
    } finally {
      this.#root = undefined;
    }
  }

  readonly provider = {
    // All that is asked for is answered here: what is not in the project does not exist.
    match: (): boolean => true,
    open: (name: string): number | undefined => {
      const found = this.#find(name);
      if (!found) return undefined;
      this.#open.set(this.#next, { bytes: found.bytes, at: 0 });
      return this.#next++;
    },
    read: (file: number, buffer: Uint8Array): number => {
      const open = this.#open.get(file);
      if (!open) return -1;
      const part = open.bytes.subarray(open.at, open.at + buffer.length);
      buffer.set(part);
      open.at += part.length;
      return part.length;
    },
    close: (file: number): boolean => this.#open.delete(file),
  };

  #find(name: string): ProjectFile | undefined {
    if (!this.#root || !name.startsWith(base)) return undefined;
    // Paths in the project begin at its folder: what is beside a file there is found by the way from it.
    const up = this.#root.path
      .split('/')
      .slice(1)
      .map(() => '..');
    return this.#root.beside([...up, name.slice(base.length)].join('/'));
  }
}

/** The folder of the project, as libxml2 sees it: an address that leads nowhere else. */
const base = 'project:///';
const files = new ProjectFiles();
xmlRegisterInputProvider(files.provider);

const options = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
const validators = new WeakMap<Uint8Array, XsdValidator>();

/** Throws MORTISE_XML_INVALID where the text does not fit the schema, MORTISE_XML_SCHEMA where there is none. */
export function validate(text: string, schema: ProjectFile): void {
  const validator = validatorOf(schema);
  const document = XmlDocument.fromString(text, { option: options });
  try {
    validator.validate(document);
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    const [first] = error.details;
    const line = first?.line;
    const where = line === undefined || line === 0 ? {} : { line };
    const message = `${'line' in where ? `Line ${line}: ` : ''}${sentence(first?.message ?? error.message)}`;
    throw xmlError('MORTISE_XML_INVALID', message, { details: { ...where, schema: schema.path } });
  } finally {
    document.dispose();
  }
}

function validatorOf(schema: ProjectFile): XsdValidator {
  const known = validators.get(schema.bytes);
  if (known) return known;
  try {
    const made = files.reading(schema, () => {
      const document = XmlDocument.fromBuffer(schema.bytes, { url: base + schema.path, option: options });
      try {
        return XsdValidator.fromDoc(document);
      } finally {
        document.dispose();
      }
    });
    validators.set(schema.bytes, made);
    return made;
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    const message = `${schema.path} cannot be used as a schema: ${sentence(error.details[0]?.message ?? error.message)}`;
    throw xmlError('MORTISE_XML_SCHEMA', message);
  }
}

function sentence(message: string): string {
  return message.trim().replace(/\.?$/, '.');
}
