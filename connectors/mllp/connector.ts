// The mllp connector: takes and sends HL7 version 2 messages over TCP, with acknowledgements. Read this first.

import { defineConnector, defineInbound, defineOutbound, field } from '@mortise/sdk';

const port = { minimum: 1, maximum: 65_535 } as const;

const ownCertificate = {
  certificate: field.secret({ doc: 'The certificate (PEM) that we show, with those between.', optional: true }),
  certificateFile: field.path({ doc: 'The same from a file.', optional: true }),
  key: field.secret({ doc: 'Its private key (PEM).', optional: true }),
  keyFile: field.path({ doc: 'The same from a file.', optional: true }),
  passphrase: field.secret({ doc: 'What the private key is encrypted with.', optional: true }),
};

export default defineConnector({
  name: 'mllp',
  doc: 'HL7 version 2 messages in the Minimal Lower Layer Protocol, over TCP or TLS.',
  connection: {
    host: field.text({ doc: 'The host that outbounds send to.', optional: true, example: 'lab.hospital.example' }),
    port: field.integer({ doc: 'Its port.', optional: true, ...port, example: 2575 }),
    tls: field.group(
      {
        ca: field.secret({
          doc: 'Certificates of authorities (PEM) that are trusted instead of the usual ones.',
          optional: true,
        }),
        caFile: field.path({ doc: 'The same from a file.', optional: true }),
        ...ownCertificate,
        serverName: field.text({
          doc: 'The name that the system’s certificate must have, where it is not the host’s.',
          optional: true,
        }),
      },
      { doc: 'Sends over TLS where it is there; {} is enough.', optional: true },
    ),
    connections: field.integer({
      doc: 'How many connections outbounds have at most, with one message under way on each. More than one may change the order.',
      default: 1,
      minimum: 1,
      maximum: 100,
    }),
    connectTimeout: field.duration({ doc: 'How long a connection may take to come about.', default: '10s' }),
    answerTimeout: field.duration({
      doc: 'How long an acknowledgement is waited for. Then the connection is closed, and the message is in doubt.',
      default: '30s',
    }),
    idleTimeout: field.duration({ doc: 'After how long without a message a connection is closed.', default: '10m' }),
    allowLinkLocal: field.boolean({
      doc: 'Whether messages may go to link-local addresses and those of cloud metadata services.',
      default: false,
    }),
  },
  inbounds: {
    listen: defineInbound({
      doc: 'Listens for messages, and acknowledges each when it is on disk.',
      mode: 'listening',
      gives: 'bytes',
      format: 'hl7',
      options: {
        port: field.integer({ doc: 'The port to listen on.', ...port, example: 2575 }),
        host: field.text({
          doc: 'The address to listen on: only this machine, unless told. "0.0.0.0" is all of IPv4, "::" all there is.',
          default: '127.0.0.1',
        }),
        tls: field.group(
          {
            ...ownCertificate,
            clientCa: field.secret({ doc: 'Authorities (PEM) of which senders must show a certificate.', optional: true }),
            clientCaFile: field.path({ doc: 'The same from a file.', optional: true }),
          },
          { doc: 'Listens with TLS where it is there.', optional: true },
        ),
        identity: field.choice(['control-id', 'content', 'none'], {
          doc: 'By what a message is recognised that was taken before: MSH-10 with the sender (MSH-3, MSH-4), all of its bytes, or nothing.',
          default: 'control-id',
        }),
        connectionsMax: field.integer({
          doc: 'How many senders may be connected at a time; one more is cut off.',
          default: 100,
          minimum: 1,
          maximum: 10_000,
        }),
        idleTimeout: field.duration({ doc: 'After how long without a byte a sender is cut off.', default: '1h' }),
        replyTimeout: field.duration({ doc: 'How long a flow that replies is waited for.', default: '30s' }),
      },
    }),
  },
  outbounds: {
    send: defineOutbound({
      doc: 'Sends messages, and waits for the acknowledgement of each.',
      takes: 'bytes',
      format: 'hl7',
      replies: true,
      repeats: ({ idempotent }) => (idempotent === true ? 'safe' : 'unsafe'),
      options: {
        idempotent: field.boolean({
          doc: 'Whether the receiver recognises a message that comes twice, by MSH-10. Where it does not, one without an answer is held for a person.',
          default: false,
        }),
        retryCodes: field.list(field.choice(['AE', 'AR', 'CE', 'CR'], { doc: 'A code of MSA-1.' }), {
          doc: 'Acknowledgements after which the message is sent again later, whatever else they say.',
          default: [],
        }),
        retryAfter: field.duration({ doc: 'How much later.', default: '30s' }),
      },
    }),
  },
});
