// A JSON file of the project, and where each part of it stands.

import type { Path } from '@mortise/sdk';
import { startOf } from './problems.ts';
import type { Place } from './problems.ts';
import { parseYaml } from './yaml/parse.ts';
import { YamlFile } from './yaml/yaml-file.ts';

export interface JsonFault {
  readonly place: Place;
  readonly message: string;
}

export class JsonFile {
  readonly file: string;
  /** Undefined where the file has a fault, or could not be read. */
  readonly value: unknown;
  readonly fault: JsonFault | undefined;
  private readonly text: string;
  private places: YamlFile | undefined;

  constructor(file: string, text: string | undefined) {
    this.file = file;
    this.text = text ?? 'null';
    try {
      this.value = JSON.parse(this.text.replace(/^\uFEFF/, ''));
    } catch (error) {
      this.fault = this.faultOf(error instanceof Error ? error.message : String(error));
    }
  }

  /** JSON is YAML, nearly: the places are those of the YAML reader, looked up only when something is wrong. */
  place(path: Path): Place {
    this.places ??= new YamlFile({ file: this.file, text: this.text, ...parseYaml(this.text) }, this.value);
    return this.places.place(path);
  }

  private faultOf(message: string): JsonFault {
    const position = /position (\d+)/.exec(message);
    const before = this.text.slice(0, position ? Number(position[1]) : this.text.length).split('\n');
    const place =
      position || /end of JSON/.test(message) ? { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } : {};
    return { place: { ...startOf(this.file), ...place }, message: `${message.replace(/ in JSON at position .*/s, '')}.` };
  }
}
