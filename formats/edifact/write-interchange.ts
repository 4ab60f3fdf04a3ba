// Writes messages one after the other, and the envelope around them: it is opened and closed where the values say, with its counts.

import { isDeepStrictEqual } from 'node:util';
import { Profile } from './profile.ts';
import type { EdifactOptions } from './profile.ts';
import { contentOf } from './raw-content.ts';
import { unwritable } from './segment-tree.ts';
import { textAt, trimmed } from './segment.ts';
import type { Segment } from './segment.ts';
import { encodeText, SegmentWriter } from './write-segments.ts';
import { readValue, requireHeader } from './written-message.ts';
import type { WrittenMessage } from './written-message.ts';

interface OpenGroup {
  readonly header: Segment;
  messages: number;
}

/** What has been begun and has not been closed. */
interface Open {
  /** Of the message that it was begun with; `lastBreak` is that of the last one. */
  readonly like: WrittenMessage;
  readonly writer: SegmentWriter;
  lastBreak: boolean;
  messages: number;
  groups: number;
  group: OpenGroup | undefined;
}

const nothing = new Uint8Array();

export class InterchangeWriter {
  readonly #options: EdifactOptions;
  readonly #profile: Profile;
  #open: Open | undefined;
  #values = 0;

  constructor(options: EdifactOptions) {
    this.#options = options;
    this.#profile = new Profile(options);
  }

  /** Throws where the value cannot be written. */
  push(value: unknown): Uint8Array {
    this.#values += 1;
    const message = readValue(value, this.#options, (this.#open?.messages ?? 0) + 1);
    const parts: Uint8Array[] = [];
    if (this.#open && !continues(this.#open, message)) parts.push(this.#close(this.#open));
    const begins = this.#open === undefined;
    const open = (this.#open ??= begin(message));
    parts.push(this.#closeGroup(open, message));
    const beginsGroup = message.group !== undefined && open.group === undefined;
    if (message.group && beginsGroup) open.group = { header: message.group, messages: 0 };
    open.messages += 1;
    if (beginsGroup) open.groups += 1;
    if (open.group) open.group.messages += 1;
    open.lastBreak = message.lastBreak;
    parts.push(this.#writeMessage(open, message, begins, beginsGroup));
    return Buffer.concat(parts);
  }

  end(): Uint8Array {
    return this.#open ? this.#close(this.#open) : nothing;
  }

  #writeMessage(open: Open, message: WrittenMessage, begins: boolean, beginsGroup: boolean): Uint8Array {
    const headers = headersOf(message, begins, beginsGroup);
    const raw = this.#unchanged(open, message, headers, begins);
    if (!raw) this.#check(message, headers);
    // What stands behind the last message without an interchange is in its bytes.
    if (raw && !message.interchange) open.lastBreak = false;
    const written = raw ?? this.#written(open, message, headers, begins);
    if (message.endsGroup) {
      const end = raw ? nothing : this.#closeGroup(open, undefined);
      open.group = undefined;
      if (!message.endsInterchange) return Buffer.concat([written, end]);
      return Buffer.concat([written, end, this.#endInterchange(open, raw !== undefined)]);
    }
    return message.endsInterchange ? Buffer.concat([written, this.#endInterchange(open, raw !== undefined)]) : written;
  }

  #endInterchange(open: Open, asRead: boolean): Uint8Array {
    if (!asRead) return this.#close(open);
    this.#open = undefined;
    return nothing;
  }

  /** The bytes that it was read from, if they say just what is to be written. */
  #unchanged(open: Open, message: WrittenMessage, headers: readonly Segment[], begins: boolean): Uint8Array | undefined {
    if (message.raw === undefined || message.number !== open.messages) return undefined;
    const bytes = Buffer.from(message.raw, 'latin1');
    const content = contentOf(bytes, message, begins);
    if (!content || (content.closes && message.interchange && !message.endsInterchange)) return undefined;
    return isDeepStrictEqual(content.segments, [...headers, ...message.segments].map(trimmed)) ? bytes : undefined;
  }

  #check(message: WrittenMessage, headers: readonly Segment[]): void {
    headers.forEach(requireHeader);
    // An answer tells of what was wrong as it was, a header without a version for instance.
    if (textAt(message.header, 2) === 'CONTRL') return;
    const faults = this.#profile.check(message, this.#profile.definition(message.header));
    const [first] = faults;
    if (first) throw unwritable(`Message ${this.#values}: ${first.what} (${first.code})`);
  }

  #written(open: Open, message: WrittenMessage, headers: readonly Segment[], begins: boolean): Uint8Array {
    const { writer } = open;
    const { breaks, segments, header } = message;
    const trailer = { tag: 'UNT', elements: [`${segments.length + 2}`, textAt(header, 1)] };
    let text = begins ? beginning(message) : '';
    for (const [index, segment] of [...headers, ...segments, trailer].entries())
      text += (begins && index === 0 ? '' : breaks) + writer.write(segment);
    return encodeText(text, message.encoding);
  }

  /** UNE, where the group is another one now. */
  #closeGroup(open: Open, next: WrittenMessage | undefined): Uint8Array {
    const { group, writer, like } = open;
    if (!group || (next && isDeepStrictEqual(next.group, group.header))) return nothing;
    open.group = undefined;
    const trailer = { tag: 'UNE', elements: [`${group.messages}`, textAt(group.header, 5)] };
    return encodeText(like.breaks + writer.write(trailer), like.encoding);
  }

  #close(open: Open): Uint8Array {
    this.#open = undefined;
    const { like, writer } = open;
    const group = this.#closeGroup(open, undefined);
    const last = open.lastBreak ? like.breaks : '';
    if (!like.interchange) return Buffer.concat([group, Buffer.from(last)]);
    const trailer = { tag: 'UNZ', elements: [`${open.groups || open.messages}`, textAt(like.interchange, 5)] };
    return Buffer.concat([group, encodeText(like.breaks + writer.write(trailer) + last, like.encoding)]);
  }
}

function begin(message: WrittenMessage): Open {
  const writer = new SegmentWriter(message.separators);
  return { like: message, writer, lastBreak: true, messages: 0, groups: 0, group: undefined };
}

/** Whether a message stands in the interchange that is open. */
function continues({ like }: Open, { interchange, separators }: WrittenMessage): boolean {
  return separators === like.separators && isDeepStrictEqual(interchange, like.interchange);
}

function beginning({ bom, una, separators, breaks }: WrittenMessage): string {
  return `${bom ? '\ufeff' : ''}${una ? `UNA${separators}${breaks}` : ''}`;
}

function headersOf({ interchange, group, header }: WrittenMessage, begins: boolean, beginsGroup: boolean): readonly Segment[] {
  return [...(begins && interchange ? [interchange] : []), ...(beginsGroup && group ? [group] : []), header];
}
