// Makes of a written definition what reading and writing work with, with the overlay of a partner laid over it.

import { wrong } from './definition-file.ts';
import type { DefinitionFile, WrittenPart } from './definition-file.ts';
import type { ElementOverlay, Overlay, PartOverlay } from './overlay.ts';
import { maskBits } from './specification.ts';
import type { ElementSpec, ElementType, LoopPart, Note, Part, SegmentPart, SegmentSpec, SetSpec } from './specification.ts';

/** How segments and elements are called in values. */
export type Naming = 'positions' | 'names';

interface Context {
  readonly file: DefinitionFile;
  readonly naming: Naming;
  readonly path: string;
  readonly known: Set<string>;
}

const unlimited = Number.MAX_SAFE_INTEGER;

/** Undefined where the file has no such set. Throws MORTISE_X12_DEFINITION. */
export function compileSet(file: DefinitionFile, id: string, naming: Naming, overlay: Overlay | undefined): SetSpec | undefined {
  const written = id === 'TA1' ? { group: '', name: 'interchangeAcknowledgment', parts: ['TA1!'] } : own(file.sets, id);
  if (!written) return undefined;
  const context: Context = { file, naming, path: overlay?.path ?? `definitions of ${file.version}`, known: new Set() };
  const tightening = overlay && own(overlay.sets, id);
  const parts = compileParts(written.parts, tightening ?? {}, `/sets/${id}`, context);
  const root: LoopPart = {
    kind: 'loop',
    id: '',
    key: '',
    minimum: 1,
    maximum: 1,
    demanded: false,
    unused: false,
    parts,
    required: requiredIn(parts),
    when: [],
    hierarchy: false,
  };
  return { id, version: file.version, functionalCode: written.group, root, known: context.known };
}

function compileParts(
  written: readonly WrittenPart[],
  overlay: Readonly<Record<string, PartOverlay>>,
  place: string,
  context: Context,
): readonly Part[] {
  const positions = uniqueNames(
    written.map((part) => partKey(part, { ...context, naming: 'positions' })),
    '_',
  );
  const keys =
    context.naming === 'positions'
      ? positions
      : uniqueNames(
          written.map((part) => partKey(part, context)),
          '_',
        );
  const stray = Object.keys(overlay).find((key) => !positions.includes(key));
  if (stray !== undefined)
    throw wrong(context.path, `${place}/${stray}`, `is nothing that stands there; expected one of ${positions.join(', ')}`);
  return written.map((part, index) => {
    const position = positions[index] as string;
    const made = typeof part === 'string' ? part : part.loop;
    const counts = tightenedCounts(made, own(overlay, position), `${place}/${position}`, context);
    const common = { ...counts, key: keys[index] as string };
    return typeof part === 'string'
      ? segmentPart(part, common, own(overlay, position), `${place}/${position}`, context)
      : loopPart(part, common, own(overlay, position), `${place}/${position}`, context);
  });
}

type Common = Pick<Part, 'minimum' | 'maximum' | 'demanded' | 'unused' | 'key'>;

function segmentPart(
  written: string,
  common: Common,
  overlay: PartOverlay | undefined,
  place: string,
  context: Context,
): SegmentPart {
  const id = idOf(written);
  context.known.add(id);
  return { kind: 'segment', id, ...common, segment: compileSegment(id, overlay?.elements ?? {}, place, context) };
}

function loopPart(
  written: Exclude<WrittenPart, string>,
  common: Common,
  overlay: PartOverlay | undefined,
  place: string,
  context: Context,
): LoopPart {
  const parts = compileParts(written.parts, overlay?.parts ?? {}, place, context);
  const when = Object.entries(written.when).map(([element, values]) => ({ element: Number(element), values: new Set(values) }));
  const [first] = parts as readonly [SegmentPart];
  return {
    kind: 'loop',
    id: idOf(written.loop),
    ...common,
    parts,
    required: requiredIn(parts),
    when,
    hierarchy: first.id === 'HL' && common.maximum > 1,
  };
}

function requiredIn(parts: readonly Part[]): readonly number[] {
  return parts.flatMap(({ minimum }, index) => (minimum > 0 ? [index] : []));
}

/** What is written as `REF!*12`, tightened: never more than the definition allows. */
function tightenedCounts(
  written: string,
  overlay: PartOverlay | undefined,
  place: string,
  { path }: Context,
): Omit<Common, 'key'> {
  const [, required = '', star, count = ''] = /^\w+?(!?)(?:(\*)(\d*))?$/.exec(written) ?? [];
  const minimum = required === '!' ? 1 : 0;
  const maximum = star === undefined ? 1 : count === '' ? unlimited : Number(count);
  if (!overlay) return { minimum, maximum, demanded: false, unused: false };
  const most = overlay.used ? (overlay.maximum ?? maximum) : 0;
  const least = overlay.minimum ?? minimum;
  if (most > maximum || (least < minimum && overlay.minimum !== undefined))
    throw wrong(path, place, `loosens the definition, which has ${minimum} to ${maximum}; expected a tighter one`);
  if (minimum > most || least > most) throw wrong(path, place, 'leaves no room for what is required');
  return { minimum: least, maximum: most === 0 ? maximum : most, demanded: least > minimum, unused: most === 0 };
}

function compileSegment(
  id: string,
  overlay: Readonly<Record<string, ElementOverlay>>,
  place: string,
  context: Context,
): SegmentSpec {
  const written = own(context.file.segments, id);
  if (!written) throw wrong(context.path, place, `has the segment ${id}, which is defined nowhere`);
  const references = written.elements.split(' ');
  const positions = references.map((_, index) => String(index + 1).padStart(2, '0'));
  const names =
    context.naming === 'positions'
      ? positions.map((position) => id + position)
      : uniqueNames(references.map((one) => nameOf(one, context)));
  const stray = Object.keys(overlay).find((key) => !positions.some((position) => key === position || key.startsWith(position)));
  if (stray !== undefined)
    throw wrong(context.path, `${place}/elements/${stray}`, `is no element of ${id}; expected 01 to ${positions.at(-1)}`);
  const elements = references.map((one, index) =>
    compileElement(one, names[index] as string, positions[index] as string, overlay, place, context),
  );
  return { id, elements, notes: compileNotes(written.notes) };
}

function compileElement(
  written: string,
  key: string,
  position: string,
  overlay: Readonly<Record<string, ElementOverlay>>,
  place: string,
  context: Context,
): ElementSpec {
  const [, reference = '', required, star, count = ''] = /^(\w+)(!?)(?:(\*)(\d*))?$/.exec(written) ?? [];
  const repeat = star === undefined ? 1 : count === '' ? unlimited : Number(count);
  const composite = own(context.file.composites, reference);
  const components = composite && componentsOf(composite.elements.split(' '), key, position, overlay, place, context);
  const [, type = 'AN', minimum = '0', maximum = '0'] = composite ? [] : typeOf(reference, place, context);
  const codes = own(context.file.codes, reference);
  const base: ElementSpec = {
    reference,
    key,
    type: type.replace(/\d/, '') as ElementType,
    decimals: Number(/\d/.exec(type)?.[0] ?? 0),
    minimum: Number(minimum),
    maximum: Number(maximum),
    required: required === '!',
    repeat,
    codes: codes && new Set(codes),
    tightened: false,
    demanded: false,
    unused: false,
    components,
    simple: components === undefined && repeat === 1 && type !== 'B',
    notes: compileNotes(composite?.notes ?? ''),
  };
  const tightening = own(overlay, position);
  return tightening ? tightenElement(base, tightening, `${place}/elements/${position}`, context) : base;
}

function componentsOf(
  references: readonly string[],
  key: string,
  position: string,
  overlay: Readonly<Record<string, ElementOverlay>>,
  place: string,
  context: Context,
): readonly ElementSpec[] {
  const positions = references.map((_, index) => String(index + 1).padStart(2, '0'));
  const names =
    context.naming === 'positions'
      ? positions.map((one) => key + one)
      : uniqueNames(references.map((one) => nameOf(one, context)));
  return references.map((one, index) =>
    compileElement(one, names[index] as string, position + (positions[index] as string), overlay, place, context),
  );
}

function tightenElement(
  spec: ElementSpec,
  { required, used, minimum, maximum, codes }: ElementOverlay,
  place: string,
  { path }: Context,
): ElementSpec {
  const tighter = { minimum: minimum ?? spec.minimum, maximum: maximum ?? spec.maximum };
  const foreign = spec.codes && codes?.find((code) => !spec.codes?.has(code));
  if (tighter.minimum < spec.minimum || tighter.maximum > spec.maximum || foreign !== undefined || (!used && spec.required))
    throw wrong(path, place, 'loosens the definition; expected a tighter one');
  return {
    ...spec,
    ...tighter,
    required: spec.required || required,
    demanded: required && !spec.required,
    unused: !used,
    simple: spec.simple && used,
    codes: codes ? new Set(codes) : spec.codes,
    tightened: codes !== undefined,
  };
}

function compileNotes(written: string): readonly Note[] {
  if (written === '') return [];
  return written.split(' ').map((note) => {
    const elements = (note.slice(1).match(/\d\d/g) ?? []).map(Number);
    const bits = elements.map((element) => (element <= maskBits ? 2 ** (element - 1) : Infinity));
    const mask = bits.reduce((sum, bit) => sum + bit, 0);
    const [firstMask = 0] = bits;
    const isFitting = Number.isFinite(mask);
    return { kind: note.slice(0, 1) as Note['kind'], elements, mask: isFitting ? mask : 0, firstMask: isFitting ? firstMask : 0 };
  });
}

function typeOf(reference: string, place: string, { file, path }: Context): readonly string[] {
  const written = own(file.elements, reference);
  if (written === undefined) throw wrong(path, place, `has the element ${reference}, which is defined nowhere`);
  return written.split(' ');
}

function nameOf(written: string, { file, path }: Context): string {
  const reference = written.replace(/[!*].*$/, '');
  const name = own(file.composites, reference)?.name ?? own(file.elements, reference)?.split(' ')[0];
  if (name === undefined) throw wrong(path, '', `has the element ${reference}, which is defined nowhere`);
  return name;
}

function partKey(part: WrittenPart, { naming, file }: Context): string {
  if (typeof part !== 'string' && part.name !== undefined) return part.name;
  const id = idOf(typeof part === 'string' ? part : (part.parts[0] as string));
  const name = naming === 'positions' ? id : (own(file.segments, id)?.name ?? id);
  return typeof part === 'string' ? name : `${name}Loop`;
}

function idOf(written: string): string {
  return written.replace(/[!*].*$/, '');
}

/** The second of the same name gets a 2 behind it, the third a 3. */
function uniqueNames(names: readonly string[], separator = ''): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}${separator}${count}`;
  });
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
