// The engine's entry for who reads and writes files with formats, and runs nothing: the rest of the engine is not loaded for it.

export { openCatalog } from './catalog/catalog.ts';
export { openFormat } from './project/open-format.ts';
