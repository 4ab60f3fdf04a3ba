// `npm run services`: says which servers and programs the tests need and lack; with `-- --install`, installs them.

import { fileURLToPath } from 'node:url';
import { findCommand, installServices, readServices } from './services/services.ts';

const services = readServices(fileURLToPath(new URL('..', import.meta.url)));
const missing = services.filter((service) => findCommand(service) === undefined);

if (services.length === 0) console.log('nothing to do: no test needs a server');
for (const service of services)
  console.log(`${service.name}: ${findCommand(service) ?? `missing (Debian: ${service.debian.join(' ')})`}`);

if (missing.length > 0 && process.argv.includes('--install')) installServices(missing);
else if (missing.length > 0) process.exitCode = 1;
