// Reads mortise.yaml, with an environment's settings over it.

import { field, readFields } from '@mortise/sdk';
import { logLevels } from '../flow/definitions.ts';
import type { Settings, TelemetrySettings } from '../flow/definitions.ts';
import { alertSettingsFields } from './alert-fields.ts';
import { isLoopback } from '../listen/loopback.ts';
import { withoutPlanned } from './planned.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import { lookForTraps } from './value-traps.ts';

/** Host and port: `127.0.0.1:8081`, `[::1]:8081`, `0.0.0.0:80`. */
const address = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/;

export const singleSignOnFields = {
  issuer: field.text({ doc: 'The address of the provider.', example: 'https://login.example.com' }),
  clientId: field.text({ doc: 'Under which the provider knows Mortise.' }),
  clientSecret: field.secret({ doc: 'What the provider gave along with it.' }),
  scope: field.text({ doc: 'What the provider is asked for.', default: 'openid profile email' }),
  nameClaim: field.text({ doc: 'The claim that names the user.', default: 'preferred_username' }),
  rolesClaim: field.text({ doc: "The claim that names the user's groups.", default: 'groups' }),
  roles: field.record(field.list(field.text({ doc: 'A value of that claim.' }), { doc: 'Any of these.' }), {
    doc: 'By role, the values of that claim that grant it.',
    example: { operator: ['integration-team'] },
  }),
};

export const settingsFields = {
  name: field.text({
    doc: 'The name of the project.',
    pattern: /^[a-z0-9][a-z0-9-]*$/,
    expected: 'small letters, digits and hyphens, and no hyphen first',
    example: 'acme',
  }),
  listeners: field.group(
    {
      inbound: field.text({
        doc: 'Where requests of other systems come in.',
        default: '127.0.0.1:8081',
        pattern: address,
        expected: 'HOST:PORT, as 127.0.0.1:8080',
      }),
      control: field.text({
        doc: 'Where the console and the API are.',
        default: '127.0.0.1:8080',
        pattern: address,
        expected: 'HOST:PORT, as 127.0.0.1:8080',
      }),
      controlTls: field.group(
        {
          certificate: field.text({ doc: 'The certificate, with those between it and its authority: a PEM file.' }),
          key: field.text({ doc: 'Its key: a PEM file that only the engine may read.' }),
        },
        { doc: 'TLS of the control listener. Without it that opens on loopback only.', optional: true },
      ),
    },
    { doc: 'The addresses that are listened on.', default: {} },
  ),
  journal: field.group(
    {
      keep: field.duration({ doc: 'How long the journal is kept.', default: '7d' }),
      atMost: field.size({ doc: 'How large it may grow before the oldest is dropped.', default: '10GiB' }),
      bodies: field.choice(['all'], { doc: 'Which bodies are kept.', default: 'all' }),
    },
    { doc: 'The record of all messages and what became of them.', default: {} },
  ),
  limits: field.group(
    {
      message: field.size({ doc: 'The longest message that is accepted.', default: '20MiB' }),
      freeDisk: field.size({ doc: 'Below so much free disk nothing more is accepted.', default: '1GiB' }),
      stall: field.duration({
        doc: 'Where the engine itself does nothing for so long, as a function of the project makes it that never returns, the process ends.',
        default: '30s',
      }),
    },
    { doc: 'What is too much.', default: {} },
  ),
  access: field.group(
    {
      fourEyes: field.list(field.choice(['apply', 'bulk-retry', 'erase'], { doc: 'An operation.' }), {
        doc: 'What waits for a second person: applying the project anew; retrying, replaying or discarding many failures; erasing a person.',
        optional: true,
      }),
      singleSignOn: field.group(singleSignOnFields, { doc: 'Logins by OpenID Connect.', optional: true }),
    },
    { doc: 'Who may ask the control listener.', default: {} },
  ),
  telemetry: field.group(
    {
      endpoint: field.text({
        doc: 'Where a collector takes OTLP over HTTP; OTEL_EXPORTER_OTLP_ENDPOINT where absent.',
        optional: true,
        pattern: /^https?:\/\//,
        example: 'http://127.0.0.1:4318',
      }),
      headers: field.record(field.secret({ doc: 'Its value.' }), { doc: 'What is sent along, by header.', default: {} }),
      traces: field.boolean({ doc: 'Whether traces are sent.', default: true }),
      metrics: field.boolean({ doc: 'Whether metrics are sent.', default: true }),
      sampling: field.number({
        doc: 'Which part of all journeys is traced, from 0 to 1. What a sender decided for its trace counts before that.',
        default: 1,
        minimum: 0,
        maximum: 1,
      }),
      metricsEvery: field.duration({ doc: 'How often metrics are sent.', default: '60s' }),
      spanDelay: field.duration({ doc: 'How long spans are gathered before they are sent.', default: '5s' }),
    },
    {
      doc: 'Traces and metrics by OpenTelemetry. Off where this is absent and the environment names no endpoint.',
      optional: true,
    },
  ),
  alerts: field.group(alertSettingsFields, { doc: 'Who is told of alerts. What raises one stands in alerts/.', default: {} }),
  log: field.group(
    {
      level: field.choice(logLevels, { doc: 'The least that is told.', default: 'info' }),
      format: field.choice(['auto', 'structured', 'readable'], {
        doc: 'Structured is JSON for programs, readable is text for people; auto is that on a terminal, and JSON elsewhere.',
        default: 'auto',
      }),
    },
    { doc: 'The log on standard error.', default: {} },
  ),
};

/** What mortise.yaml may say one day. */
const planned = {
  bus: 'A bus between engines',
  engines: 'Several engines',
};

/** Settings, with defaults where something is wrong or missing. */
export function readSettings(file: WrittenFile | undefined, name: string, problems: ProblemList): Settings {
  if (!file) return toSettings(readFields(settingsFields, { name }).values);
  const { values, problems: found } = readFields(settingsFields, withoutPlanned(file, [], planned, problems));
  problems.fields(file, found);
  lookForTraps(file, settingsFields, file.value, [], problems);
  if (found.length === 0) refuseAddresses(file, values.listeners, problems);
  return toSettings(found.length > 0 ? readFields(settingsFields, { name }).values : values);
}

/** What a start would refuse. */
function refuseAddresses(
  file: WrittenFile,
  { control, inbound, controlTls }: { readonly control: string; readonly inbound: string; readonly controlTls?: unknown },
  problems: ProblemList,
): void {
  for (const [name, text] of Object.entries({ inbound, control })) {
    if (Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535) continue;
    const found = `${text} has no port: those go up to 65535.`;
    problems.error('MORTISE_PROJECT_WRONG_VALUE', file.place(['listeners', name]), found, 'Write HOST:PORT, as 127.0.0.1:8080.');
  }
  if (controlTls !== undefined || isLoopback(control.slice(0, control.lastIndexOf(':')))) return;
  problems.error(
    'MORTISE_PROJECT_WRONG_VALUE',
    file.place(['listeners', 'control']),
    `The control listener is not opened on ${control}: without TLS passwords and messages would pass in the clear.`,
    'Give it a certificate (listeners.controlTls), or use a loopback address, as 127.0.0.1:8080, and a tunnel.',
  );
}

function toSettings({
  name,
  listeners,
  journal,
  limits,
  log,
  access,
  alerts,
  telemetry,
}: ReturnType<typeof readFields<typeof settingsFields>>['values']): Settings {
  return {
    name,
    listeners,
    limits: { messageBytes: limits.message, freeDiskBytes: limits.freeDisk, stallMs: limits.stall },
    journal: { keepMs: journal.keep, atMostBytes: journal.atMost, bodies: journal.bodies },
    log,
    alerts,
    ...(telemetry ? { telemetry: telemetryOf(telemetry) } : {}),
    ...(Object.keys(access).length > 0 ? { access } : {}),
  };
}

type Written = NonNullable<ReturnType<typeof readFields<typeof settingsFields>>['values']['telemetry']>;

function telemetryOf({ endpoint, metricsEvery, spanDelay, ...settings }: Written): TelemetrySettings {
  return { ...settings, metricsEveryMs: metricsEvery, spanDelayMs: spanDelay, ...(endpoint === undefined ? {} : { endpoint }) };
}
