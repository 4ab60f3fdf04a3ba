// Contender: Mortise itself. `node mortise.ts PROJECT DATA`

import { startHost } from '@mortise/engine';
import { contenderPort, controlPort, host } from '../addresses.ts';

const [folder, dataFolder] = process.argv.slice(2);
if (folder === undefined || dataFolder === undefined) throw new Error('Expected the folders of the project and of its data.');

const running = await startHost({
  folder,
  dataFolder,
  listen: `${host}:${contenderPort}`,
  control: `${host}:${controlPort}`,
  logLevel: 'warn',
});

process.once('SIGTERM', () => {
  void running.stop().then(() => process.exit(0));
});
const failure = await running.failed;
throw failure;
