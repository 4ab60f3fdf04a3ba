// Operations become outbounds: method, path with templates, headers, the model of the reply.

import { mappingOf, textOf, wordOf } from '../values.ts';
import type { Mapping } from '../values.ts';
import type { Connection, Connections } from './connections.ts';
import { contentOf, replyOf, typeWord } from './content.ts';
import type { Content } from './content.ts';
import type { ApiDocument, Pointer } from './document.ts';
import type { ModelSet } from './models.ts';
import type { Operation, Parameter } from './operations.ts';
import { isList, isSent, ownHeaders } from './parameters.ts';
import type { Holder } from './parameters.ts';
import { outboundTest } from './tests.ts';
import type { TestMaker } from './tests.ts';

/** An inbound or outbound as the system's file will say it. */
export interface Entry {
  readonly name: string;
  readonly comments: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly connection?: Connection;
  readonly at: Pointer;
  readonly test: TestMaker;
}

const repeatable = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

export function outboundOf(document: ApiDocument, operation: Operation, connections: Connections, models: ModelSet): Entry {
  const { name, method, parameters, value, at } = operation;
  const body = requestOf(document, operation, models);
  const reply = replyOf(document, value['responses'], [...at, 'responses'], `${name}-reply`, models);
  const idempotency = parameters.find((one) => one.in === 'header' && /^(x-)?idempotency-key$/i.test(one.name));
  // A format that stands for texts or bytes could not write a body that holds the parameters.
  const source = body || reply?.format !== undefined ? 'headers' : 'body';
  const model = reply?.model === undefined || (body && body.format !== reply.format) ? undefined : reply.model;
  return {
    name,
    at,
    test: outboundTest(document, { operation, body, reply: model, source }),
    comments: [
      ...about(operation),
      ...parameterLines(document, operation, source),
      ...(!body && source === 'headers' ? [`The body is not sent, and has to be a text: with: '""'.`] : []),
      ...bodyLines(body, method, idempotency),
      ...statusLine(value),
    ],
    connection: connections.of(operation),
    fields: {
      uses: 'request',
      method,
      path: pathOf(document, operation, source),
      ...headersOf(document, operation, body, source),
      ...formatOf(document, operation, body, reply),
      ...(body && method === 'DELETE' ? { sendBody: true } : {}),
      ...(model === undefined ? {} : { reply: model }),
      ...(idempotency && !repeatable.includes(method) ? { idempotencyKey: idempotency.name, onInDoubt: 'retry' } : {}),
    },
  };
}

function requestOf(document: ApiDocument, { value, at, name, method }: Operation, models: ModelSet): Content | undefined {
  if (value['requestBody'] === undefined) return undefined;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') {
    document.warn([...at, 'requestBody'], `A body of ${method} means nothing to HTTP: it is left out.`);
    return undefined;
  }
  const found = document.mapping(value['requestBody'], [...at, 'requestBody']);
  return found && contentOf(document, found, `${name}-request`, models);
}

/** One format stands for both directions of an outbound. */
function formatOf(document: ApiDocument, { at }: Operation, body: Content | undefined, reply: Content | undefined): object {
  const format = body ? body.format : reply?.format;
  if (body && reply && body.format !== reply.format)
    document.warn(
      at,
      `The request is ${body.mediaType} and the reply ${reply.mediaType}: the reply is read in the format of the request, and by no model.`,
    );
  return format === undefined ? {} : { format };
}

function about({ value, path, method }: Operation): readonly string[] {
  const said = textOf(value['summary']) ?? textOf(value['description']) ?? '';
  const first = said.split(/\n|(?<=\.)\s/)[0]?.trim() ?? '';
  return [
    `${method} ${path}${first === '' ? '' : `: ${first.slice(0, 160)}`}`,
    ...(value['deprecated'] === true ? ['Deprecated.'] : []),
  ];
}

function parameterLines(document: ApiDocument, { parameters }: Operation, source: Holder): readonly string[] {
  const given = parameters.filter((one) => isSent(one));
  if (given.length === 0) return [];
  const names = given.map((one) => {
    const type = typeWord(document, one.value['schema'], [...one.at, 'schema']);
    return `${source === 'headers' ? one.name.toLowerCase() : one.name} (${one.required ? '' : 'optional, '}${type})`;
  });
  return [
    source === 'body' ? 'The body holds:' : 'Headers of the message hold, as a step "set" puts them:',
    ...names.map((one) => `  ${one}`),
  ];
}

function bodyLines(body: Content | undefined, method: string, idempotency: Parameter | undefined): readonly string[] {
  return [
    ...(body?.model === undefined ? [] : [`The body is sent: ${body.model}.`]),
    ...(body && body.model === undefined ? [`The body is sent, as ${body.mediaType}.`] : []),
    ...(repeatable.includes(method)
      ? []
      : [idempotency ? 'A repeat has no second effect, by its key.' : 'A repeat may have a second effect.']),
  ];
}

/** What else may be answered: the bodies of refusals are no replies, and have no models. */
function statusLine({ responses }: Mapping): readonly string[] {
  const statuses = Object.keys(mappingOf(responses)).filter((name) => /^[1-5](\d\d|XX)$/i.test(name));
  const others = statuses.filter((status) => !status.startsWith('2'));
  return others.length === 0 ? [] : [`Answers besides: ${others.join(', ')}.`];
}

function headersOf(document: ApiDocument, { parameters }: Operation, body: Content | undefined, source: Holder): object {
  const headers: Record<string, string> = {};
  if (body?.format !== undefined) headers['content-type'] = body.mediaType;
  for (const parameter of parameters.filter((one) => one.in === 'header' && !ownHeaders.test(one.name))) {
    if (parameter.required) headers[parameter.name] = `\${$string(${valueFrom(source, parameter.name)})}`;
    else
      document.warn(
        parameter.at,
        `The header ${parameter.name} is optional: it is not sent. Add it under "headers" where it is wanted.`,
      );
  }
  for (const { at, name } of parameters.filter((one) => one.in === 'cookie'))
    document.warn(at, `The cookie ${name} is not sent. Add a header "cookie" where it is wanted.`);
  return Object.keys(headers).length === 0 ? {} : { headers };
}

/** Where a parameter's value is found in the message. */
function valueFrom(source: Holder, name: string): string {
  const field = (text: string): string =>
    /^[A-Za-z_]\w*$/.test(text) && !/^(and|or|in|true|false|null|function)$/.test(text)
      ? text
      : `\`${text.replaceAll('`', '')}\``;
  return source === 'body' ? field(name) : `$headers.${field(name.toLowerCase())}`;
}

function encoded(expression: string): string {
  return `$encodeUrlComponent($string(${expression}))`;
}

function pathOf(document: ApiDocument, operation: Operation, source: Holder): string {
  const named = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const path = operation.path.replaceAll('${', '$%7B').replace(/\{([^{}]+)\}/g, (_, name: string) => {
    if (!named.includes(name))
      document.warn(operation.at, `The path has {${name}}, and no parameter of that name is described: a text is taken.`);
    return `\${${encoded(valueFrom(source, name))}}`;
  });
  const unused = named.filter((name) => !operation.path.includes(`{${name}}`));
  for (const name of unused)
    document.warn(operation.at, `The parameter ${name} is said to be in the path, and is not: it is left out.`);
  return path + queryOf(document, operation, source, path.includes('?') ? '&' : '?');
}

/** What is required stands in the path by itself, so that a message without it fails; what is optional is added where it is there. */
function queryOf(document: ApiDocument, { parameters }: Operation, source: Holder, first: string): string {
  const query = parameters.filter((one) => one.in === 'query');
  for (const parameter of query) warnOfStyle(document, parameter);
  const required = query.filter((one) => one.required).map((one) => requiredPart(one, source));
  const optional = query.filter((one) => !one.required);
  const pairs = optional.map(({ name }) => `${JSON.stringify(encodeURIComponent(name))}: ${valueFrom(source, name)}`).join(', ');
  const each = `$each({ ${pairs} }, function($v, $k) { $v.($k & "=" & ${encoded('$')}) })`;
  const parts = [...required, ...(optional.length > 0 ? [`\${$join(${each}.$, "&") & ""}`] : [])];
  return parts.length === 0 ? '' : `${first}${parts.join('&')}`;
}

/** A list gives its name several times. */
function requiredPart(parameter: Parameter, source: Holder): string {
  const { name } = parameter;
  const from = valueFrom(source, name);
  const key = encodeURIComponent(name);
  return isList(parameter)
    ? `\${$join(${from}.(${JSON.stringify(`${key}=`)} & ${encoded('$')}), "&")}`
    : `${key}=\${${encoded(from)}}`;
}

function warnOfStyle(document: ApiDocument, { value, at, name }: Parameter): void {
  const style = value['style'] ?? 'form';
  if (style !== 'form')
    document.warn(
      at,
      `${name} is written in the style ${wordOf(style)}: its values are sent as ${name}=VALUE, one after the other.`,
    );
  else if (value['explode'] === false)
    document.warn(at, `${name} is written as one list with commas: give it as a text that is one.`);
  if (value['content'] !== undefined) document.warn(at, `${name} is described by its content: give it as the text that is sent.`);
}
