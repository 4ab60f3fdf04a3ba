// Node's own HTTP. An `import` of it runs the getters of its clients for browsers' interfaces, which load 50 ms of code for nobody (Node 26).

export const { createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http');
