// Whether telemetry is sent: the project says so, or the environment names a collector as OpenTelemetry's own tools read it.

import type { TelemetrySettings } from '../flow/definitions.ts';

const defaults: TelemetrySettings = {
  headers: {},
  traces: true,
  metrics: true,
  sampling: 1,
  metricsEveryMs: 60_000,
  spanDelayMs: 5000,
};

/** Undefined where nobody has said where to; or OTEL_SDK_DISABLED says that nothing is to be sent. */
export function telemetrySettings(
  settings: TelemetrySettings | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): TelemetrySettings | undefined {
  if (variables['OTEL_SDK_DISABLED'] === 'true') return undefined;
  const isNamed = settings?.endpoint !== undefined || Boolean(variables['OTEL_EXPORTER_OTLP_ENDPOINT']);
  return isNamed ? (settings ?? defaults) : undefined;
}
