// The http connector: takes webhooks, sends requests. Read this first.

import { defineConnector, defineInbound, defineOutbound, field } from '@mortise/sdk';

const readingMethods: readonly unknown[] = ['GET', 'HEAD', 'OPTIONS'];
const repeatableMethods: readonly unknown[] = [...readingMethods, 'PUT', 'DELETE'];

const secrets = (what: string) =>
  field.oneOf(
    [field.secret({ doc: `${what}.` }), field.list(field.secret({ doc: `${what}.` }), { doc: 'Several, any of which fits.' })],
    {
      doc: `${what}; a list of them while it is being changed.`,
    },
  );

const tolerance = field.duration({ doc: 'How far the sender’s clock may be from ours, either way.', default: '5m' });

const verify = field.oneOf(
  [
    field.group(
      {
        scheme: field.choice(['standard-webhooks'], { doc: 'Signed as standardwebhooks.com says.' }),
        secret: secrets('The shared secret in base64, with or without "whsec_" before it'),
        tolerance,
      },
      { doc: 'Standard Webhooks: an HMAC over id, time and body.' },
    ),
    field.group(
      { scheme: field.choice(['github'], { doc: 'Signed as GitHub does.' }), secret: secrets('The secret of the webhook') },
      { doc: 'GitHub: an HMAC over the body in X-Hub-Signature-256.' },
    ),
    field.group(
      {
        scheme: field.choice(['stripe'], { doc: 'Signed as Stripe does.' }),
        secret: secrets('The signing secret of the endpoint, with its "whsec_"'),
        tolerance,
      },
      { doc: 'Stripe: an HMAC over time and body in Stripe-Signature.' },
    ),
    field.group(
      {
        scheme: field.choice(['slack'], { doc: 'Signed as Slack does.' }),
        secret: secrets('The signing secret of the app'),
        tolerance,
      },
      { doc: 'Slack: an HMAC over time and body in X-Slack-Signature.' },
    ),
    field.group(
      {
        scheme: field.choice(['shopify'], { doc: 'Signed as Shopify does.' }),
        secret: secrets('The client secret of the app'),
      },
      { doc: 'Shopify: an HMAC over the body in X-Shopify-Hmac-Sha256.' },
    ),
    field.group(
      {
        scheme: field.choice(['twilio'], { doc: 'Signed as Twilio does.' }),
        secret: secrets('The auth token of the account'),
        url: field.text({
          doc: 'The URL that Twilio calls, as it is configured there, without a query; it may hold the :names of the path.',
          pattern: /^https?:\/\//,
          expected: 'a URL that begins with http:// or https://',
          example: 'https://hooks.example/sms',
        }),
      },
      { doc: 'Twilio: an HMAC over URL and form in X-Twilio-Signature.' },
    ),
    field.group(
      {
        scheme: field.choice(['api-key'], { doc: 'A key in a header.' }),
        header: field.text({ doc: 'The header that holds the key.', default: 'x-api-key' }),
        secret: secrets('The key'),
      },
      { doc: 'A key that the sender shows in a header.' },
    ),
    field.group(
      {
        scheme: field.choice(['basic'], { doc: 'HTTP basic authentication.' }),
        user: field.text({ doc: 'The user name.' }),
        password: secrets('The password'),
      },
      { doc: 'A user name and a password (RFC 7617).' },
    ),
    field.group(
      { scheme: field.choice(['none'], { doc: 'No verification.' }) },
      { doc: 'Anyone who reaches the listener may send.' },
    ),
  ],
  { doc: 'How the sender proves who it is: standard-webhooks, github, stripe, slack, shopify, twilio, api-key, basic, or none.' },
);

const oauth2 = field.group(
  {
    tokenUrl: field.text({
      doc: 'Where tokens are asked for.',
      pattern: /^https?:\/\//,
      expected: 'a URL that begins with http:// or https://',
      example: 'https://login.example/token',
    }),
    clientId: field.text({ doc: 'Who we are.' }),
    clientSecret: field.secret({ doc: 'The secret of the client.', optional: true }),
    refreshToken: field.secret({
      doc: 'A refresh token, by which tokens are asked for (section 6); without it, by client credentials (section 4.4).',
      optional: true,
    }),
    scope: field.text({ doc: 'What is asked for, separated by spaces.', optional: true }),
    parameters: field.record(field.text({ doc: 'The value.' }), {
      doc: 'What else the token endpoint wants to be told, such as audience or resource.',
      default: {},
    }),
    clientAuth: field.choice(['basic', 'body'], {
      doc: 'Where the client’s id and secret stand: in the header Authorization, or in the body.',
      default: 'basic',
    }),
  },
  { doc: 'Client credentials or a refresh token.' },
);

const auth = field.oneOf(
  [
    field.group({ bearer: field.secret({ doc: 'The token.' }) }, { doc: 'A bearer token (RFC 6750).' }),
    field.group(
      {
        basic: field.group(
          { user: field.text({ doc: 'The user name.' }), password: field.secret({ doc: 'The password.' }) },
          { doc: 'User and password.' },
        ),
      },
      { doc: 'Basic authentication (RFC 7617).' },
    ),
    field.group(
      {
        header: field.group(
          { name: field.text({ doc: 'The name of the header.' }), value: field.secret({ doc: 'Its value.' }) },
          { doc: 'Name and value.' },
        ),
      },
      { doc: 'A header that holds a key.' },
    ),
    field.group({ oauth2 }, { doc: 'A token that is asked for (RFC 6749).' }),
  ],
  {
    doc: 'How the system knows us: { bearer }, { basic: { user, password } }, { header: { name, value } } or { oauth2 }.',
    optional: true,
  },
);

const proxy = field.group(
  {
    url: field.text({
      doc: 'Where the proxy is.',
      pattern: /^https?:\/\//,
      expected: 'a URL that begins with http:// or https://',
      example: 'http://proxy.example:3128',
    }),
    user: field.text({ doc: 'The user name.', optional: true }),
    password: field.secret({ doc: 'The password.', optional: true }),
  },
  {
    doc: 'The proxy that requests go through: https by a tunnel (CONNECT), http as they are. The environment names none.',
    optional: true,
  },
);

const tls = field.group(
  {
    ca: field.secret({ doc: 'Certificates of authorities (PEM) that are trusted instead of the usual ones.', optional: true }),
    caFile: field.path({ doc: 'The same from a file.', optional: true }),
    certificate: field.secret({ doc: 'The certificate (PEM) that we show, with those between.', optional: true }),
    certificateFile: field.path({ doc: 'The same from a file.', optional: true }),
    key: field.secret({ doc: 'Its private key (PEM).', optional: true }),
    keyFile: field.path({ doc: 'The same from a file.', optional: true }),
    passphrase: field.secret({ doc: 'What the private key is encrypted with.', optional: true }),
    serverName: field.text({
      doc: 'The name that the system’s certificate must have, where it is not the host’s.',
      optional: true,
    }),
  },
  { doc: 'Whom we trust, and who we are, in TLS.', optional: true },
);

const pageLimits = {
  items: field.text({
    doc: 'Where the list is in a page, as a JSON pointer; the page itself unless given.',
    default: '',
    pattern: /^(\/.*)?$/,
    expected: 'a JSON pointer such as /data/orders, or nothing',
    example: '/data/orders',
  }),
  pagesMax: field.integer({ doc: 'How many pages there may be.', default: 100, minimum: 1 }),
  itemsMax: field.integer({ doc: 'How many items there may be.', default: 10_000, minimum: 1 }),
};

const counted = (what: string, first: number) => ({
  parameter: field.text({ doc: `The parameter of the query that holds the ${what}.`, default: what }),
  first: field.integer({ doc: `The ${what} of the first page.`, default: first, minimum: 0 }),
  size: field.integer({ doc: 'A page with fewer items is the last one; an empty one unless given.', optional: true, minimum: 1 }),
  ...pageLimits,
});

const paging = field.oneOf(
  [
    field.group(
      { by: field.choice(['link'], { doc: 'By the header Link (RFC 8288) with rel="next".' }), ...pageLimits },
      { doc: 'The next page is where the header Link says.' },
    ),
    field.group(
      {
        by: field.choice(['cursor'], { doc: 'By what a page says of the next one.' }),
        cursor: field.text({
          doc: 'Where that is in a page, as a JSON pointer.',
          pattern: /^\//,
          expected: 'text that begins with /',
          example: '/meta/next',
        }),
        parameter: field.text({
          doc: 'The parameter of the query that it is sent back in; without one it is the URL of the next page.',
          optional: true,
        }),
        ...pageLimits,
      },
      { doc: 'A page says how the next one is asked for; the last one says nothing, null or "".' },
    ),
    field.group(
      { by: field.choice(['page'], { doc: 'By the number of the page.' }), ...counted('page', 1) },
      { doc: 'Pages have numbers.' },
    ),
    field.group(
      { by: field.choice(['offset'], { doc: 'By the number of items that came before.' }), ...counted('offset', 0) },
      { doc: 'Items have numbers.' },
    ),
  ],
  {
    doc: 'Reads all pages of a list with GET, and replies with all items as one list: by link, cursor, page or offset.',
    optional: true,
  },
);

export default defineConnector({
  name: 'http',
  doc: 'Takes webhooks and other HTTP requests, and sends requests to HTTP APIs.',
  connection: {
    url: field.text({
      doc: 'The base URL that the paths of requests are added to; not needed where the system only sends webhooks.',
      optional: true,
      pattern: /^https?:\/\//,
      expected: 'a URL that begins with http:// or https://',
      example: 'https://crm.example/api',
    }),
    auth,
    headers: field.record(field.text({ doc: 'The value.' }), { doc: 'Headers of every request.', default: {} }),
    allowLinkLocal: field.boolean({
      doc: 'Whether the URL may lead to link-local and cloud metadata addresses, such as 169.254.169.254.',
      default: false,
    }),
    allowPrivate: field.boolean({
      doc: 'Whether it may lead to private and other addresses that are not public, such as 10.0.0.1.',
      default: true,
    }),
    allowLoopback: field.boolean({
      doc: 'Whether it may lead to this machine, as 127.0.0.1; as allowPrivate says unless given.',
      optional: true,
    }),
    proxy,
    tls,
    connectionsMax: field.integer({ doc: 'How many connections there may be at once to a host.', optional: true, minimum: 1 }),
    keepAlive: field.duration({
      doc: 'How long an idle connection may be used again, unless the system names a time.',
      default: '4s',
    }),
    connectTimeout: field.duration({ doc: 'How long a connection, TLS included, may take.', default: '10s' }),
    headersTimeout: field.duration({
      doc: 'How long the system may take to begin its answer; as long as the attempt unless given.',
      optional: true,
    }),
    bodyTimeout: field.duration({
      doc: 'How long an answer may pause; as long as the attempt unless given.',
      optional: true,
    }),
  },
  inbounds: {
    webhook: defineInbound({
      doc: 'Takes requests on a path of the inbound listener, and answers once they are on disk.',
      mode: 'listening',
      gives: 'bytes',
      format: 'json',
      options: {
        method: field.choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], { doc: 'The method that is taken.', default: 'POST' }),
        path: field.text({
          doc: 'The path on the inbound listener.',
          pattern: /^\//,
          expected: 'text that begins with /',
          example: '/shop/orders',
        }),
        verify,
        idempotency: field.text({
          doc: 'The header that holds the sender’s own id of the message, asked before all others.',
          optional: true,
        }),
        type: field.text({ doc: 'The type of the messages.', optional: true, example: 'order.created' }),
        typeHeader: field.text({ doc: 'The header that holds the type; goes before `type`.', optional: true }),
        replyTimeout: field.duration({ doc: 'How long a requester waits for the reply of a flow that replies.', default: '30s' }),
      },
    }),
  },
  outbounds: {
    request: defineOutbound({
      doc: 'Sends a request for each message.',
      takes: 'bytes',
      format: 'json',
      replies: true,
      repeats: ({ method }) => (repeatableMethods.includes(method) ? 'safe' : 'unsafe'),
      options: {
        method: field.choice(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'], {
          doc: 'The method.',
          default: 'POST',
        }),
        path: field.text({
          doc: 'What is added to the URL: a path, and a query if need be; may hold templates.',
          optional: true,
          example: '/customers/${id}',
        }),
        headers: field.record(field.text({ doc: 'The value; may hold templates.' }), {
          doc: 'Headers of this request.',
          default: {},
        }),
        success: field.list(
          field.text({
            doc: 'A status, a class or a range.',
            pattern: /^[2-5](\d\d(-[2-5]\d\d)?|xx)$/,
            expected: 'a status, a class or a range, as 201, 2xx, 200-204',
          }),
          {
            doc: 'The statuses that mean it worked: 201, 2xx, 200-204.',
            default: ['2xx'],
          },
        ),
        idempotencyKey: field.text({
          doc: 'The header that carries the delivery id, the same on every attempt; not sent with GET, HEAD and OPTIONS.',
          default: 'idempotency-key',
        }),
        sendBody: field.boolean({ doc: 'Whether GET, HEAD, OPTIONS and DELETE carry the body too.', default: false }),
        paging,
        redirectsMax: field.integer({
          doc: 'How many redirects are followed one after the other, where that is safe.',
          default: 0,
          minimum: 0,
          maximum: 20,
        }),
        replyBytesMax: field.size({
          doc: 'The longest answer that is taken as a reply; of all pages together.',
          default: '20MiB',
        }),
      },
    }),
  },
});
