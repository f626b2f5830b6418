/** Of RFC 9110. Importing `node:http` by name makes Node.js load its own fetch() and WebSocket as well, which we have no use for. */
export const { STATUS_CODES } = process.getBuiltinModule('node:http');
