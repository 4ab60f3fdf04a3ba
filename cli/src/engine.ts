// What the command line uses of the engine. It is loaded by those commands only that load a project or run one.

export { formatAddress, openLog, parseAddress, startHost } from '@mortise/engine';
export type { Host, LogLevel } from '@mortise/engine';
export { openCatalog } from '../../engine/src/catalog/catalog.ts';
export { version } from '../../engine/src/control/version.ts';
export { loadProject } from '../../engine/src/project/load.ts';
export type { Project } from '../../engine/src/project/load.ts';
export { countProblems, renderProblems } from '../../engine/src/project/render.ts';
export { projectSchemas } from '../../engine/src/project/schema.ts';
export { missingSecrets, openSecrets } from '../../engine/src/project/secrets.ts';
export { runTests } from '../../engine/src/harness/run-tests.ts';
export type { TestResult } from '../../engine/src/harness/run-tests.ts';
