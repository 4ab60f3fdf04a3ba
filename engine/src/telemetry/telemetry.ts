// OpenTelemetry: traces and metrics, sent by OTLP over HTTP. Loaded only where the project or the environment asks for it.

import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock, Logger } from '@mortise/sdk';
import type { Tracer } from '../delivery/tracer.ts';
import type { TelemetrySettings } from '../flow/definitions.ts';
import { ChosenIds, MessageTracer } from './tracer.ts';

/** A figure as Prometheus names it. */
export interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly project: string;
  readonly environment?: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The text behind a reference to a secret. */
  secret(reference: string): string;
  /** All figures as they are now. */
  metrics(): readonly Metric[];
}

export interface Telemetry {
  /** Undefined where traces are off. */
  readonly tracer?: Tracer;
  /** Sends what has gathered, and ends. A collector that does not answer is left alone after a moment. */
  stop(): Promise<void>;
}

const stopMs = 3000;
/** A burst of a few seconds at full rate: what is more is dropped, and never held up. */
const spansQueuedMax = 16_384;

export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { settings, clock, log } = options;
  const tell = (message: string): void => log.warn({ event: 'telemetry.unsent' }, `Telemetry could not be sent: ${message}`);
  const nothing = (): void => undefined;
  diag.setLogger({ error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN);
  const parts: { shutdown(): Promise<void> }[] = [];
  let tracer: Tracer | undefined;
  if (settings.traces) {
    const ids = new ChosenIds();
    const exporter = new OTLPTraceExporter(targetOf(options, 'traces'));
    const processor = new BatchSpanProcessor({
      exporter,
      maxQueueSize: spansQueuedMax,
      scheduledDelayMillis: settings.spanDelayMs,
    });
    const provider = new TracerProvider({ resource: resourceOf(options), idGenerator: ids, spanProcessors: [processor] });
    parts.push(provider);
    const sampler = new TraceIdRatioBasedSampler(settings.sampling);
    tracer = new MessageTracer({ tracer: provider.getTracer('mortise', options.version), ids, sampler, clock });
  }
  if (settings.metrics) parts.push(openMetrics(options));
  return {
    ...(tracer === undefined ? {} : { tracer }),
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, stopMs).unref());
      await Promise.race([Promise.allSettled(parts.map((part) => part.shutdown())), late]);
      diag.disable();
    },
  };
}

function openMetrics(options: TelemetryOptions): MeterProvider {
  const exporter = new OTLPMetricExporter(targetOf(options, 'metrics'));
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: options.settings.metricsEveryMs,
    exportTimeoutMillis: Math.min(options.settings.metricsEveryMs, 10_000),
  });
  const provider = new MeterProvider({ resource: resourceOf(options), readers: [reader] });
  const meter = provider.getMeter('mortise', options.version);
  const instruments = new Map(
    options.metrics().map(({ name, kind, help: description }) => {
      const make = kind === 'counter' ? meter.createObservableCounter : meter.createObservableGauge;
      return [name, make.call(meter, name, { description })] as const;
    }),
  );
  meter.addBatchObservableCallback(
    (result) => {
      for (const { name, samples } of options.metrics()) {
        const instrument = instruments.get(name);
        if (instrument) for (const { labels, value } of samples) result.observe(instrument, value, { ...labels });
      }
    },
    [...instruments.values()],
  );
  return provider;
}

/** Without an endpoint of the project the exporters read the environment: OTEL_EXPORTER_OTLP_ENDPOINT and its like. */
function targetOf({ settings, secret }: TelemetryOptions, what: 'traces' | 'metrics') {
  const { endpoint, headers } = settings;
  if (endpoint === undefined) return {};
  const given = Object.entries(headers).map(([name, reference]) => [name, secret(reference)] as const);
  return { url: `${endpoint.replace(/\/$/, '')}/v1/${what}`, headers: Object.fromEntries(given) };
}

function resourceOf({ project, environment, version }: TelemetryOptions) {
  return resourceFromAttributes({
    'service.name': process.env['OTEL_SERVICE_NAME'] || project,
    'service.namespace': 'mortise',
    'service.version': version,
    ...(environment === undefined ? {} : { 'deployment.environment.name': environment }),
  });
}
