// For tests of telemetry: a collector that takes OTLP over HTTP as JSON, and keeps the spans and metrics that it got.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly service: string;
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** The newest value of each metric with its labels, as `name{label="value"}`. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly headers: readonly IncomingHttpHeaders[];
  answerWith(status: number): void;
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string | number;
}
interface RawSpan extends Omit<CollectedSpan, 'attributes' | 'isError' | 'service'> {
  readonly attributes?: readonly Attribute[];
  readonly status?: { readonly code?: number };
}
interface Exported {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly gauge?: { readonly dataPoints: readonly Point[] };
        readonly sum?: { readonly dataPoints: readonly Point[] };
      }[];
    }[];
  }[];
}

export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const metrics = new Map<string, number>();
  const headers: IncomingHttpHeaders[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (status === 200) {
        headers.push(request.headers);
        const exported = JSON.parse(Buffer.concat(chunks).toString()) as Exported;
        if (request.url === '/v1/traces') spans.push(...spansOf(exported));
        if (request.url === '/v1/metrics') for (const [name, value] of pointsOf(exported)) metrics.set(name, value);
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    headers,
    answerWith: (next) => (status = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansOf({ resourceSpans = [] }: Exported): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(({ attributes, status, ...span }) => ({
        ...span,
        attributes: valuesOf(attributes),
        isError: status?.code === 2,
        service: String(valuesOf(resource.attributes)['service.name']),
      })),
    ),
  );
}

function pointsOf({ resourceMetrics = [] }: Exported): (readonly [string, number])[] {
  const all = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  return all.flatMap(
    ({ name, gauge, sum }) =>
      (gauge ?? sum)?.dataPoints.map(({ attributes, asDouble, asInt }) => {
        const labels = Object.entries(valuesOf(attributes)).map(([label, value]) => `${label}="${String(value)}"`);
        return [`${name}{${labels.join(',')}}`, Number(asDouble ?? asInt)] as const;
      }) ?? [],
  );
}

function valuesOf(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
