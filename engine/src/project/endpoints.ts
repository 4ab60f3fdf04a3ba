// Reads an inbound or an outbound: what Mortise itself wants to know of it, and the options of the connector.

import { field, MortiseError, readFields } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, InboundDeclaration, OutboundDeclaration, Path, Rate } from '@mortise/sdk';
import type {
  ConnectionDefinition,
  InboundDefinition,
  ModelDefinition,
  OutboundDefinition,
  ResolvedFormat,
} from '../flow/definitions.ts';
import { compileTemplate, compileText, hasTemplate } from '../step/expression.ts';
import type { FormatShelf } from './formats.ts';
import type { ModelShelf } from './models.ts';
import { unknownName } from './names.ts';
import { fault, faultOf } from './problems.ts';
import type { Fault } from './problems.ts';
import { walkFields } from './walk.ts';

/** What an endpoint is read with. */
export interface EndpointContext {
  readonly models: ModelShelf;
  readonly formats: FormatShelf;
  readonly connectors: ReadonlyMap<string, ConnectorDeclaration>;
}

export interface Reading<Definition> {
  readonly definition?: Definition;
  readonly faults: readonly Fault[];
}

type Written = Readonly<Record<string, unknown>>;

const everyDefault = '1m';

const on = field.text({ doc: 'Which connection of the system it uses; needed where there are several.', optional: true });
const format = field.format({ doc: 'How its bytes are read or written.', optional: true });

/** The fields of an inbound, without `uses`. */
export function inboundFields({ gives, mode, every, options }: InboundDeclaration): Fields {
  return {
    on,
    ...(gives === 'bytes' ? { format } : {}),
    model: field.model({ doc: 'What every message must fit to be accepted.', optional: true }),
    ...(mode === 'polling'
      ? { every: field.duration({ doc: 'How often it is looked for messages.', default: every ?? everyDefault }) }
      : {}),
    ...options,
  };
}

/** The fields of an outbound, without `uses`. */
export function outboundFields({ takes, replies, options }: OutboundDeclaration): Fields {
  return {
    on,
    ...(takes === 'bytes' ? { format } : {}),
    model: field.model({ doc: 'What every message must fit to be sent; one that does not is invalid.', optional: true }),
    ...(replies ? { reply: field.model({ doc: 'What its replies must fit.', optional: true }) } : {}),
    onInDoubt: field.choice(['retry', 'hold'], {
      doc: 'What follows when it is not known whether a message arrived: try again, or wait for a person.',
      optional: true,
    }),
    timeout: field.duration({ doc: 'The longest an attempt may take.', default: '30s' }),
    concurrency: field.integer({
      doc: 'How many sends may be under way at the same time.',
      default: 10,
      minimum: 1,
      maximum: 1000,
    }),
    rate: field.rate({ doc: 'How many sends may begin in a time.', optional: true }),
    ...options,
  };
}

/** Reads `written` as the inbound `uses` of the connection's connector. */
export function readInbound(
  name: string,
  uses: string,
  connection: ConnectionDefinition,
  written: Written,
  context: EndpointContext,
): Reading<InboundDefinition> {
  const declaration = declared(context, connection, 'inbounds', uses);
  if (!declaration) return { faults: [unknownEnd('inbound', uses, connection, context)] };
  const { values, parts, faults } = readParts(inboundFields(declaration), declaration, ['model'], written, context);
  if (faults.length > 0) return { faults };
  if (parts.model && declaration.gives === 'bytes' && !parts.format) return { faults: [modelOfBytes] };
  const { system } = connection;
  const options = optionsOf(declaration.options, values);
  const every = declaration.mode === 'polling' ? { everyMs: values['every'] as number } : {};
  return { definition: { system, name, connection, uses, declaration, options, ...parts, ...every }, faults };
}

/** Reads `written` as the outbound `uses` of the connection's connector. */
export function readOutbound(
  name: string,
  uses: string,
  connection: ConnectionDefinition,
  written: Written,
  context: EndpointContext,
): Reading<OutboundDefinition> {
  const declaration = declared(context, connection, 'outbounds', uses);
  if (!declaration) return { faults: [unknownEnd('outbound', uses, connection, context)] };
  const { values, parts, faults } = readParts(outboundFields(declaration), declaration, ['model', 'reply'], written, context);
  const all = [...faults, ...templateFaults(declaration.options, written)];
  if (all.length > 0) return { faults: all };
  if (parts.model && declaration.takes === 'bytes' && !parts.format) return { faults: [modelOfBytes] };
  const definition: OutboundDefinition = {
    system: connection.system,
    name,
    connection,
    uses,
    declaration,
    options: optionsOf(declaration.options, values),
    ...parts,
    onInDoubt: (values['onInDoubt'] as 'retry' | 'hold' | undefined) ?? afterDoubt(declaration, written),
    timeoutMs: values['timeout'] as number,
    concurrency: values['concurrency'] as number,
    ...(values['rate'] === undefined ? {} : { rate: values['rate'] as Rate }),
  };
  return { definition, faults };
}

const modelOfBytes = fault(
  'MORTISE_PROJECT_MISSING_OPTION',
  ['model'],
  'A model checks values, and without a format the body is bytes.',
  'Name a format too.',
);

type Parts<Option extends string> = { readonly format?: ResolvedFormat } & { readonly [Name in Option]?: ModelDefinition };

/** Options by their fields, and the format and the models that they name. A format that is broken itself is no fault here. */
function readParts<Option extends 'model' | 'reply'>(
  fields: Fields,
  { format: byDefault }: { readonly format?: string },
  names: readonly Option[],
  written: Written,
  { formats, models }: EndpointContext,
): { readonly values: Written; readonly parts: Parts<Option>; readonly faults: readonly Fault[] } {
  const { values, problems } = readFields(fields, written);
  const faults = problems.map(faultOf);
  const named: unknown = values['format'] ?? byDefault;
  const format = named === undefined ? undefined : formats.find(named);
  if (format && 'problem' in format && !formats.isBroken(named)) {
    faults.push(fault('MORTISE_PROJECT_UNKNOWN_NAME', ['format'], format.problem, format.remedy));
  }
  const parts: Record<string, unknown> = format && 'format' in format ? { ...format } : {};
  for (const name of names) {
    const reference = values[name];
    const { model, fault: unknown } = typeof reference === 'string' ? models.find(reference, [name]) : {};
    if (unknown) faults.push(unknown);
    if (model) parts[name] = model;
  }
  return { values, parts: parts as Parts<Option>, faults };
}

function declared<Side extends 'inbounds' | 'outbounds'>(
  { connectors }: EndpointContext,
  { connector }: ConnectionDefinition,
  side: Side,
  uses: string,
) {
  const ends: ConnectorDeclaration[Side] | undefined = connectors.get(connector)?.[side];
  return ends && Object.hasOwn(ends, uses) ? (ends[uses] as ConnectorDeclaration[Side][string]) : undefined;
}

function unknownEnd(
  side: 'inbound' | 'outbound',
  uses: string,
  { connector }: ConnectionDefinition,
  { connectors }: EndpointContext,
): Fault {
  const known = Object.keys(connectors.get(connector)?.[`${side}s`] ?? {});
  const unknown = unknownName(`${side} of the connector ${connector} called`, uses, known, ['uses']);
  return known.length > 0 ? unknown : { ...unknown, remedy: `The connector ${connector} has no ${side}s.` };
}

/** Templates and expressions of an outbound that do not parse. */
function templateFaults(fields: Fields, written: Written): readonly Fault[] {
  const faults: Fault[] = [];
  walkFields(fields, written, (spec, value, path) => {
    if (typeof value !== 'string') return;
    if (spec.kind === 'text' && hasTemplate(value)) attempt(() => compileTemplate(value), path, faults);
    if (spec.kind === 'expression') attempt(() => compileText(value), path, faults);
  });
  return faults;
}

function attempt(compile: () => unknown, path: Path, faults: Fault[]): void {
  try {
    compile();
  } catch (error) {
    if (!(error instanceof MortiseError)) throw error;
    faults.push(fault('MORTISE_PROJECT_EXPRESSION', path, error.message));
  }
}

function optionsOf(fields: Fields, values: Written): Written {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(fields, name)));
}

/** What the connector says of a repeated send, by the options as they were written. */
function afterDoubt({ repeats, options }: OutboundDeclaration, written: Written): 'retry' | 'hold' {
  const defaults = Object.entries(options).flatMap(([name, spec]) =>
    spec.default === undefined ? [] : [[name, spec.default] as const],
  );
  const safe = typeof repeats === 'string' ? repeats : repeats({ ...Object.fromEntries(defaults), ...written });
  return safe === 'safe' ? 'retry' : 'hold';
}
