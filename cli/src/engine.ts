// What the command line uses of the engine. It is loaded by those commands only that load a project or run one.

export { countProblems, formatAddress, loadProject, missingSecrets, openCatalog, openLog, openSecrets } from '@mortise/engine';
export { parseAddress, projectSchemas, renderProblems, runTests, startHost, version } from '@mortise/engine';
export type { Host, LogLevel, Project, TestResult } from '@mortise/engine';
