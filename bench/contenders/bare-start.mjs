// Contender: the least that a start has to do which reads such a project: the libraries that an engine accepts its first message with are loaded, the
// same files are read as YAML, the model is compiled, every expression is parsed once, and an order is written with SQLite in a thread before it is answered.
// Nothing is checked, typed, compiled to JavaScript or kept, and there is no engine. JavaScript, so that nothing has to be stripped of types, with
// compiled code kept, as the command does. `node contenders/bare-start.mjs run PROJECT --data FOLDER`

import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

module.enableCompileCache();
const [, , , project, , data] = process.argv;
mkdirSync(data, { recursive: true });
const writer = new Worker(
  `const { parentPort, workerData } = require('node:worker_threads');
   const { DatabaseSync } = require('node:sqlite');
   const database = new DatabaseSync(workerData);
   database.exec('PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE orders (text TEXT)');
   const insert = database.prepare('INSERT INTO orders VALUES (?)');
   parentPort.on('message', (text) => parentPort.postMessage(insert.run(text).changes));`,
  { eval: true, workerData: join(data, 'bare.db') },
);

const { parseDocument, visit } = await libraryOf('engine', 'yaml');
const { default: Ajv } = await libraryOf('engine', 'ajv/dist/2020.js');
const { default: addFormats } = await libraryOf('engine', 'ajv-formats');
await libraryOf('cli', 'commander');
await libraryOf('engine', 'pino');
const { default: findMyWay } = await libraryOf('engine', 'find-my-way');
await libraryOf('connectors/http', 'undici/lib/dispatcher/agent.js');
const { default: jsonata } = await libraryOf('mapping', 'jsonata/jsonata.min.js');

const texts = globSync('**/*.yaml', { cwd: project }).map((file) => readFileSync(join(project, file), 'utf8'));
const values = texts.map((text) => {
  const document = parseDocument(text);
  visit(document, {});
  return document.toJS();
});
for (const text of texts) createHash('sha256').update(text).digest();
const ajv = addFormats(new Ajv());
for (const file of globSync('models/*.json', { cwd: project }))
  ajv.compile(JSON.parse(readFileSync(join(project, file), 'utf8')));
for (const file of globSync('maps/*.jsonata', { cwd: project })) jsonata(readFileSync(join(project, file), 'utf8')).ast();
const router = findMyWay();
for (const { steps = [], inbounds = {} } of values) {
  for (const { filter } of steps) if (filter) jsonata(filter).ast();
  for (const { path } of Object.values(inbounds)) router.on('POST', path, () => undefined);
}

const { listeners } = values.find((value) => value.listeners);
const [host, port] = listeners.inbound.split(':');
const waiting = [];
writer.on('message', () => waiting.shift()());
process
  .getBuiltinModule('node:http')
  .createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      waiting.push(() => response.writeHead(202).end('{}'));
      writer.postMessage(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString())));
    });
  })
  .listen(Number(port), host);
process.once('SIGTERM', () => process.exit(0));

/** As the package in that folder of the repository has it. */
function libraryOf(folder, name) {
  const { resolve } = createRequire(new URL(`../../${folder}/package.json`, import.meta.url));
  return import(pathToFileURL(resolve(name)).href);
}
