// Node-RED as it is, without what costs time and is not measured: no editor, no admin API, no telemetry; loopback only.

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: 8181,
  httpAdminRoot: false,
  disableEditor: true,
  telemetry: { enabled: false, updateNotification: false },
  credentialSecret: false,
  logging: { console: { level: 'warn', metrics: false, audit: false } },
};
