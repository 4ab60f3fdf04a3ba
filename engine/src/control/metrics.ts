// The engine's figures in the text format of Prometheus (exposition formats, version 0.0.4).

import { takesMessages } from './host.ts';
import type { ControlHost } from './host.ts';
import { version } from './version.ts';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Text that ends with a line feed. */
export function metricsOf(host: ControlHost): string {
  return familiesOf(host).map(familyText).join('');
}

/** All figures, whoever sends them on. */
export function familiesOf(host: ControlHost): readonly Family[] {
  return [...engineFamilies(host), ...processFamilies()];
}

function engineFamilies(host: ControlHost): readonly Family[] {
  const { engine } = host;
  const { settings, revision } = host.project();
  return [
    gauge('mortise_info', 'What runs.', [{ labels: { version, project: settings.name, revision }, value: 1 }]),
    gauge('mortise_ready', 'Whether messages are taken.', [{ value: takesMessages(host) ? 1 : 0 }]),
    gauge('mortise_draining', 'Whether the engine is drained.', [{ value: host.state() === 'draining' ? 1 : 0 }]),
    gauge('mortise_paused', 'What a person has paused; the value is when, since 1970.', pauseSamples(host)),
    gauge('mortise_maintenance', 'Whether the maintenance window of a system is open.', maintenanceSamples(host)),
    ...diskFamilies(host),
    gauge('mortise_deliveries', 'Deliveries that are owed, by destination and state.', deliverySamples(host)),
    gauge(
      'mortise_breaker_open',
      'Whether a system is left alone because it failed: 0 closed, 0.5 half-open, 1 open.',
      breakerSamples(host),
    ),
    counter(
      'mortise_made_total',
      'Deliveries that were made since the start, by destination.',
      countSamples(engine.dispatcher.traffic.made),
    ),
    counter(
      'mortise_failed_attempts_total',
      'Attempts that failed since the start, by destination.',
      countSamples(engine.dispatcher.traffic.failures),
    ),
    gauge('mortise_alerts', 'Alerts that are raised, by rule.', alertSamples(host)),
    gauge('mortise_alert_notices_waiting', 'Notices of alerts that have not reached their receivers yet.', [
      { value: host.access.alerts.waiting().length },
    ]),
    gauge('mortise_inbound_failing', 'Whether an inbound cannot be opened or polled.', inboundSamples(host)),
    gauge('mortise_queued_bytes', 'Bytes handed to the store that are not on disk yet.', [
      { value: engine.runtime.store.queuedBytes },
    ]),
    ...(engine.acceptedCount === undefined
      ? []
      : [counter('mortise_accepted_total', 'Messages that were accepted since the start.', [{ value: engine.acceptedCount }])]),
  ];
}

function deliverySamples({ engine: { dispatcher } }: ControlHost): readonly Sample[] {
  return dispatcher.destinations().flatMap(({ destination: { name: destination } }) => [
    { labels: { destination, state: 'waiting' }, value: dispatcher.waiting(destination) },
    { labels: { destination, state: 'running' }, value: dispatcher.running(destination) },
  ]);
}

const openness = { closed: 0, 'half-open': 0.5, open: 1 };

function breakerSamples({ engine, project }: ControlHost): readonly Sample[] {
  const connections = [...project().definitions.systems.values()].flatMap((system) => [...system.connections.values()]);
  return connections.map((connection) => ({
    labels: { system: connection.system, connection: connection.name },
    value: openness[engine.systems.breaker(connection).state],
  }));
}

/** An edge from a flow to a destination is no destination. */
function countSamples(counts: ReadonlyMap<string, number>): readonly Sample[] {
  return [...counts].filter(([name]) => !name.includes(' ')).map(([destination, value]) => ({ labels: { destination }, value }));
}

function alertSamples({ access, project }: ControlHost): readonly Sample[] {
  const raised = access.alerts.raised();
  return project().alerts.map(({ name, severity }) => ({
    labels: { rule: name, severity },
    value: raised.filter(({ rule }) => rule === name).length,
  }));
}

function pauseSamples({ engine: { standstills } }: ControlHost): readonly Sample[] {
  return standstills.pauses.map(({ kind, name, sinceMs }) => ({ labels: { kind, name }, value: Math.round(sinceMs / 1000) }));
}

function maintenanceSamples({ engine: { standstills }, project }: ControlHost): readonly Sample[] {
  return [...project().definitions.systems.keys()].flatMap((system) => {
    const window = standstills.windowOf(system);
    return window ? [{ labels: { system }, value: window.isOpen ? 1 : 0 }] : [];
  });
}

function diskFamilies({ disk }: ControlHost): readonly Family[] {
  const { hasRoom, floorBytes, freeBytes } = disk();
  return [
    gauge('mortise_disk_full', 'Whether the disk is below its floor, so that nothing is accepted.', [{ value: hasRoom ? 0 : 1 }]),
    gauge('mortise_disk_floor_bytes', 'Below so much free disk nothing is accepted.', [{ value: floorBytes }]),
    gauge('mortise_disk_free_bytes', 'Free disk under the data folder.', freeBytes === undefined ? [] : [{ value: freeBytes }]),
  ];
}

function inboundSamples({ engine }: ControlHost): readonly Sample[] {
  return engine.inbounds.list().map(({ scope, state }) => ({ labels: { inbound: scope }, value: state === 'failing' ? 1 : 0 }));
}

function processFamilies(): readonly Family[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('process_resident_memory_bytes', 'Memory of the process.', [{ value: rss }]),
    gauge('nodejs_heap_used_bytes', 'Memory that JavaScript uses.', [{ value: heapUsed }]),
    counter('process_cpu_seconds_total', 'Processor time that was used.', [{ value: (user + system) / 1e6 }]),
    gauge('process_start_time_seconds', 'When the process started, since 1970.', [
      { value: Math.round(performance.timeOrigin) / 1000 },
    ]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, kind: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, kind: 'counter', help, samples };
}

function familyText({ name, kind, help, samples }: Family): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

/** In a label's value backslash, quote and line feed are escaped. */
export function labelText(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}
