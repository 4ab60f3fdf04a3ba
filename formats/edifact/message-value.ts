// Makes the value of a message that was read: how it was written, its envelope, itself.

import { groupHeader, interchangeHeader, messageHeader, readHeader } from './envelope.ts';
import type { Named } from './envelope.ts';
import type { Fault } from './faults.ts';
import type { ReadGroup, ReadInterchange, ReadMessage } from './read-message.ts';
import type { Tree } from './segment-tree.ts';
import type { Segment } from './segment.ts';

/** How an interchange is written, so that it is written the same again. */
export interface Syntax {
  /** As in UNA. */
  readonly separators: string;
  readonly una: boolean;
  /** What stands between segments: nothing, or a line break. */
  readonly breaks: string;
  readonly bom?: true;
  /** Where it is missing at the end of the interchange. */
  readonly lastBreak?: false;
  /** It is written otherwise than a writer would: then `raw` has its bytes, each as a character. */
  readonly irregular?: true;
  readonly raw?: string;
}

export interface MessageValue {
  readonly syntax: Syntax;
  readonly interchange?: Named;
  readonly group?: Named;
  readonly message: Named;
  readonly segments?: readonly Segment[];
  readonly body?: Tree;
  readonly faults?: readonly Fault[];
}

const interchanges = new WeakMap<ReadInterchange, { readonly syntax: Syntax; readonly named: Named | undefined }>();
const groups = new WeakMap<ReadGroup, Named>();

/** `raw` is there where it is irregular. */
export function valueOf(
  message: ReadMessage,
  body: Tree | undefined,
  faults: readonly Fault[],
  raw: Uint8Array | undefined,
): MessageValue {
  const { syntax, named } = envelopeOf(message.interchange);
  const { group, header, segments, number, endsInterchange, endsGroup } = message;
  return {
    syntax: syntaxOf(syntax, message, raw),
    ...(named ? { interchange: endsInterchange ? { ...named, ends: true } : named } : {}),
    ...(group ? { group: endsGroup ? { ...groupOf(group), ends: true } : groupOf(group) } : {}),
    message: { number, ...readHeader(messageHeader, header) },
    ...(body ? { body } : { segments }),
    ...(faults.length > 0 ? { faults: faults.slice(0, 100) } : {}),
  };
}

function envelopeOf(interchange: ReadInterchange): { readonly syntax: Syntax; readonly named: Named | undefined } {
  const known = interchanges.get(interchange);
  if (known) return known;
  const { separators, start, breaks = '', header } = interchange;
  const syntax = { separators, una: start.una, breaks, ...(start.bom ? { bom: true as const } : {}) };
  const made = { syntax, named: header && readHeader(interchangeHeader, header) };
  interchanges.set(interchange, made);
  return made;
}

function groupOf(group: ReadGroup): Named {
  const named = groups.get(group) ?? readHeader(groupHeader, group.header);
  groups.set(group, named);
  return named;
}

function syntaxOf(syntax: Syntax, { lastBreak }: ReadMessage, raw: Uint8Array | undefined): Syntax {
  if (lastBreak && !raw) return syntax;
  const missing = lastBreak ? {} : { lastBreak: false as const };
  return raw ? { ...syntax, ...missing, irregular: true, raw: Buffer.from(raw).toString('latin1') } : { ...syntax, ...missing };
}
