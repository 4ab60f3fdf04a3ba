// Words that Mortise takes itself where options of a connector or a format stand: an option of the same name could never be written.

/** Of the flow language, and (the last line) those by which the engine treats an inbound or an outbound. */
export const reservedOptionNames: readonly string[] = (
  'system channel inbound outbound uses on format model with into ' + 'every reply onInDoubt timeout concurrency rate'
).split(' ');
