// The conformance kits: every connector and every format runs through one of them.
export {};
