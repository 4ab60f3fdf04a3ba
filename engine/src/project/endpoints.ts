// Reads an inbound or an outbound: what Mortise itself wants to know of it, and the options of the connector.

import { field, MortiseError, readFields } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, InboundDeclaration, OutboundDeclaration, Path } from '@mortise/sdk';
import type { ConnectionDefinition, InboundDefinition, OutboundDefinition } from '../flow/definitions.ts';
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
  const { values, problems } = readFields(inboundFields(declaration), written);
  const { part: resolvedFormat, faults: formatFaults } = formatOf(values, declaration.format, context);
  const { part: model, faults: modelFaults } = modelOf('model', values, context);
  const faults = [...problems.map(faultOf), ...formatFaults, ...modelFaults];
  if (model && declaration.gives === 'bytes' && !resolvedFormat && formatFaults.length === 0) {
    faults.push(
      fault(
        'MORTISE_PROJECT_MISSING_OPTION',
        ['model'],
        'A model checks values, and without a format the body is bytes.',
        'Name a format too.',
      ),
    );
  }
  if (faults.length > 0) return { faults };
  const definition: InboundDefinition = {
    system: connection.system,
    name,
    connection,
    uses,
    declaration,
    options: optionsOf(declaration.options, values),
    ...(resolvedFormat ? { format: resolvedFormat } : {}),
    ...(model ? { model } : {}),
    ...(declaration.mode === 'polling' ? { everyMs: values['every'] as number } : {}),
  };
  return { definition, faults };
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
  const { values, problems } = readFields(outboundFields(declaration), written);
  const { part: resolvedFormat, faults: formatFaults } = formatOf(values, declaration.format, context);
  const { part: reply, faults: replyFaults } = modelOf('reply', values, context);
  const faults = [...problems.map(faultOf), ...formatFaults, ...replyFaults, ...templateFaults(declaration.options, written)];
  if (faults.length > 0) return { faults };
  const definition: OutboundDefinition = {
    system: connection.system,
    name,
    connection,
    uses,
    declaration,
    options: optionsOf(declaration.options, values),
    ...(resolvedFormat ? { format: resolvedFormat } : {}),
    ...(reply ? { reply } : {}),
    onInDoubt: (values['onInDoubt'] as 'retry' | 'hold' | undefined) ?? afterDoubt(declaration, written),
    timeoutMs: values['timeout'] as number,
    concurrency: values['concurrency'] as number,
  };
  return { definition, faults };
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

function formatOf(values: Written, byDefault: string | undefined, { formats }: EndpointContext) {
  const written = values['format'] ?? byDefault;
  if (written === undefined || formats.isBroken(written)) return { faults: [] };
  const found = formats.find(written);
  if ('format' in found) return { part: found.format, faults: [] };
  return { faults: [fault('MORTISE_PROJECT_UNKNOWN_NAME', ['format'], found.problem, found.remedy)] };
}

function modelOf(option: 'model' | 'reply', values: Written, { models }: EndpointContext) {
  const reference = values[option];
  if (typeof reference !== 'string') return { faults: [] };
  const { model, fault: unknown } = models.find(reference, [option]);
  return { ...(model ? { part: model } : {}), faults: unknown ? [unknown] : [] };
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
