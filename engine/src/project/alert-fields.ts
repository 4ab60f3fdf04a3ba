// What a file of `alerts/` and the receivers in mortise.yaml may say.

import { field } from '@mortise/sdk';

const flow = field.text({ doc: 'Only of this flow; of all flows where absent.', optional: true, example: 'orders-to-erp' });
const system = field.text({ doc: 'Only of this system; of all systems where absent.', optional: true, example: 'erp' });

const deadLetters = field.group(
  {
    kind: field.choice(['dead-letters'], { doc: 'Deliveries are dead: a person is to decide.' }),
    flow,
    system,
    atLeast: field.integer({ doc: 'From so many of one destination on.', default: 1, minimum: 1 }),
  },
  { doc: 'Deliveries are dead.' },
);

const heldLanes = field.group(
  {
    kind: field.choice(['held-lanes'], { doc: 'A dead delivery holds its lane: what follows waits behind it.' }),
    flow,
    system,
    atLeast: field.integer({ doc: 'From so many of one destination on.', default: 1, minimum: 1 }),
  },
  { doc: 'Lanes wait for a person.' },
);

const backlog = field.group(
  {
    kind: field.choice(['backlog'], { doc: 'More waits for a destination than ought to.' }),
    flow,
    system,
    above: field.integer({ doc: 'More than so many deliveries wait.', minimum: 0, example: 1000 }),
    for: field.duration({ doc: 'All the time for so long.', default: '0s' }),
  },
  { doc: 'Too much waits.' },
);

const silence = field.group(
  {
    kind: field.choice(['silence'], { doc: 'Nothing comes from a system.' }),
    system: field.text({ doc: 'The system that ought to send.', example: 'shop' }),
    inbound: field.text({ doc: 'One of its inbounds; any of them where absent.', optional: true, example: 'order-created' }),
    for: field.duration({ doc: 'Nothing for so long. Time in which the system is paused or in maintenance does not count.' }),
  },
  { doc: 'Nothing comes.' },
);

const errorRate = field.group(
  {
    kind: field.choice(['error-rate'], { doc: 'Too many of the attempts for a destination fail.' }),
    flow,
    system,
    above: field.number({ doc: 'More than so many of a hundred.', minimum: 0, maximum: 100, example: 5 }),
    over: field.duration({ doc: 'Counted over so long.', default: '5m' }),
    atLeast: field.integer({ doc: 'Not where fewer failed in that time.', default: 5, minimum: 1 }),
  },
  { doc: 'Too many attempts fail.' },
);

const certificate = field.group(
  {
    kind: field.choice(['certificate'], { doc: 'A certificate ends soon: of the control listener, or of a connection.' }),
    within: field.duration({ doc: 'It ends within so long.', default: '21d' }),
    hosts: field.list(field.text({ doc: 'Host and port.', pattern: /^[^\s/]+:\d{1,5}$/, example: 'erp.example.com:443' }), {
      doc: 'Servers that are asked for their certificate by TLS, once an hour.',
      optional: true,
    }),
    files: field.list(field.path({ doc: 'A PEM file.' }), { doc: 'Files that are looked at besides.', optional: true }),
  },
  { doc: 'A certificate ends soon.' },
);

const disk = field.group(
  {
    kind: field.choice(['disk'], { doc: 'There is little room under the data folder.' }),
    below: field.size({ doc: 'Less is free. Twice `limits.freeDisk` where absent.', optional: true }),
  },
  { doc: 'There is little room.' },
);

export const alertFields = {
  description: field.text({ doc: 'What it means and what to do, for whoever gets the notice.', optional: true }),
  severity: field.choice(['warning', 'critical'], { doc: 'How bad it is.', default: 'warning' }),
  when: field.oneOf([deadLetters, heldLanes, backlog, silence, errorRate, certificate, disk], { doc: 'What raises it.' }),
  to: field.list(field.text({ doc: 'A receiver of mortise.yaml.' }), {
    doc: 'Who is told; every receiver where absent. An empty list tells nobody: the console shows it.',
    optional: true,
    example: ['operations'],
  }),
  remind: field.duration({ doc: 'Tells again each time it has lasted so long.', optional: true, example: '4h' }),
};

const mail = field.group(
  {
    kind: field.choice(['mail'], { doc: 'By e-mail.' }),
    to: field.list(field.text({ doc: 'An address.', pattern: /^[^\s@]+@[^\s@]+$/ }), { doc: 'Who gets it.' }),
    from: field.text({ doc: 'Who it comes from.', pattern: /@/, example: 'Mortise <mortise@example.com>' }),
    host: field.text({ doc: 'The mail server.', example: 'smtp.example.com' }),
    port: field.integer({ doc: 'Its port.', default: 587, minimum: 1, maximum: 65535 }),
    tls: field.choice(['starttls', 'implicit', 'none'], {
      doc: 'STARTTLS is asked for and has to be there; implicit is TLS from the first byte, as on port 465.',
      default: 'starttls',
    }),
    caFile: field.text({
      doc: 'Certificates of authorities (PEM) that are trusted instead of the usual ones: a file of the project.',
      optional: true,
      example: 'certificates/mail-authority.pem',
    }),
    user: field.text({ doc: 'With whom to log in.', optional: true }),
    password: field.secret({ doc: 'Its password.', optional: true }),
  },
  { doc: 'By e-mail.' },
);

const webhook = field.group(
  {
    kind: field.choice(['webhook'], { doc: 'By a request, signed as Standard Webhooks says.' }),
    url: field.text({ doc: 'Where it is sent to.', pattern: /^https?:\/\//, example: 'https://hooks.example.com/mortise' }),
    secret: field.secret({ doc: 'What it is signed with: "whsec_" and base64, or any text.' }),
  },
  { doc: 'By a webhook.' },
);

export const alertSettingsFields = {
  consoleUrl: field.text({
    doc: 'Where people reach the console: notices lead there.',
    optional: true,
    pattern: /^https?:\/\//,
    example: 'https://mortise.example.com',
  }),
  receivers: field.record(field.oneOf([mail, webhook], { doc: 'A receiver.' }), {
    doc: 'Who is told of alerts, by name.',
    default: {},
  }),
};
