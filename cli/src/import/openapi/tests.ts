// A test for each outbound and inbound of an import: what is sent for a sample, and that a sample is taken in.

import type { Json } from '@mortise/sdk';
import { stringify } from 'yaml';
import { isMapping } from '../values.ts';
import type { Content } from './content.ts';
import type { ApiDocument } from './document.ts';
import type { Operation, Parameter } from './operations.ts';
import { isList, isSent, ownHeaders } from './parameters.ts';
import type { Holder } from './parameters.ts';
import { parameterSample } from './samples.ts';
import type { BodySamples } from './samples.ts';

/** Makes the test of one outbound or inbound; nothing where no sample is found. */
export type TestMaker = (end: string, samples: BodySamples) => object | undefined;

/** What an outbound is tested with: the operation, the body that is sent, and the model of its reply. */
export interface Tested {
  readonly operation: Operation;
  readonly body: Content | undefined;
  readonly reply: string | undefined;
  /** Where the message holds the parameters. */
  readonly source: Holder;
}

export function outboundTest(document: ApiDocument, { operation, body, reply, source }: Tested): TestMaker {
  return (outbound, samples) => {
    const values = parameterValues(document, operation, source);
    const sent = body ? requestSample(body, samples) : unsent(source, values);
    if (isFile(sent)) return undefined;
    const answer = reply === undefined ? undefined : samples.of(reply);
    const isAnswered = answer !== undefined && !isFile(answer);
    const headers = expectedHeaders(operation, body, values);
    const { method } = operation;
    const options = { method, path: expectedPath(operation, values), ...(isEmpty(headers) ? {} : { headers }) };
    return {
      outbound,
      given: { ...(source === 'body' || isEmpty(values.all()) ? {} : { headers: values.all() }), body: sent },
      ...(isAnswered ? { systems: { [outbound]: { reply: answer } } } : {}),
      expect: [{ options, ...(body ? { body: asExpected(sent, body) } : {}) }],
      ...(isAnswered ? { reply: { body: answer } } : {}),
    };
  };
}

/** A body that is not sent holds the parameters, where it does not have to be a text. */
function unsent(source: Holder, values: Values): Json {
  return source === 'body' ? { ...values.all() } : '';
}

/** No outbound checks what it sends: the nearest will do. */
function requestSample({ model, format }: Content, samples: BodySamples): Json {
  if (model !== undefined) return samples.nearest(model);
  return format === undefined ? {} : 'sample';
}

/** A text is expected as it is sent: in JSON with its quotes. */
function asExpected(sent: Json, { format }: Content): Json {
  return typeof sent === 'string' && format === undefined ? JSON.stringify(sent) : sent;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

export function inboundTest(content: Content | undefined): TestMaker {
  return (inbound, samples) => {
    const body = content ? bodySample(content, samples) : {};
    return body === undefined || isFile(body) ? undefined : { inbound, given: { body }, expect: 'accepted' };
  };
}

/** More than a mebibyte of YAML is not read, and half of one takes as long to read as a project of hundreds of flows. */
export const testsCharactersMax = 512 * 1024;

/** One test as it stands in the file. */
export function testText(name: string, test: object): string {
  const options = {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: null,
  } as const;
  return stringify({ [name]: test }, options).replace(/^(?=.)/gm, '  ');
}

function bodySample({ model, format }: Content, samples: BodySamples): Json | undefined {
  if (model !== undefined) return samples.of(model);
  return format === undefined ? {} : 'sample';
}

/** A test would take it for the name of a file. */
function isFile(value: unknown): boolean {
  if (!isMapping(value)) return false;
  const { file, ...more } = value;
  return typeof file === 'string' && isEmpty(more);
}

/** The values of parameters, by the names under which a message holds them. */
class Values {
  readonly #byName = new Map<string, Json>();
  readonly #asHeaders: boolean;

  constructor(asHeaders: boolean) {
    this.#asHeaders = asHeaders;
  }

  all(): Readonly<Record<string, Json>> {
    return Object.fromEntries(this.#byName);
  }

  /** The first of a name stands for all that share it. A header is a text. */
  add(name: string, sample: Json): void {
    const key = this.#key(name);
    if (this.#byName.has(key)) return;
    this.#byName.set(key, this.#asHeaders ? textOf(Array.isArray(sample) ? (sample[0] ?? null) : sample) : sample);
  }

  of(name: string): Json {
    return this.#byName.get(this.#key(name)) ?? null;
  }

  #key(name: string): string {
    const plain = name.replaceAll('`', '');
    return this.#asHeaders ? plain.toLowerCase() : plain;
  }
}

const inPath = /\{([^{}]+)\}/g;

function parameterValues(document: ApiDocument, { path, parameters }: Operation, source: Holder): Values {
  const values = new Values(source === 'headers');
  const used = [...path.matchAll(inPath)].map(([, name = '']) => name);
  for (const one of parameters.filter(isSent))
    if (one.in !== 'path' || used.includes(one.name)) values.add(one.name, parameterSample(document, one));
  for (const name of used) values.add(name, name);
  return values;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const encoded = (value: Json): string => encodeURIComponent(textOf(value));

/** What the path of the outbound has to become. */
function expectedPath({ path, parameters }: Operation, values: Values): string {
  const filled = path.replaceAll('${', '$%7B').replace(inPath, (_, name: string) => encoded(values.of(name)));
  const query = parameters.filter((one) => one.in === 'query');
  const required = query.filter((one) => one.required).map((one) => pairs(one, values, isList(one)));
  const optional = query.filter((one) => !one.required).map((one) => pairs(one, values, true));
  const parts = [...required, ...optional].filter((part) => part !== '');
  if (query.length === 0) return filled;
  return `${filled}${filled.includes('?') ? '&' : '?'}${parts.join('&')}`;
}

/** A list gives its name several times. */
function pairs({ name }: Parameter, values: Values, each: boolean): string {
  const value = values.of(name);
  const list = each && Array.isArray(value) ? value : [value];
  return list.map((one) => `${encodeURIComponent(name)}=${encoded(one)}`).join('&');
}

function expectedHeaders({ parameters }: Operation, body: Content | undefined, values: Values): Readonly<Record<string, string>> {
  const sent = parameters.filter((one) => one.in === 'header' && one.required && !ownHeaders.test(one.name));
  return {
    ...(body?.format === undefined ? {} : { 'content-type': body.mediaType }),
    ...Object.fromEntries(sent.map(({ name }) => [name, textOf(values.of(name))])),
  };
}
