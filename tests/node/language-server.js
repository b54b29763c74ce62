// Drives the language server with the libraries of VS Code, and prints what it answers as JSON: node language-server.js PROGRAM FOLDER FILE
'use strict';

const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');
const path = require('node:path');
const rpc = require('vscode-jsonrpc/node');
const lsp = require('vscode-languageserver-protocol');

async function main([program, folder, file]) {
  const server = spawn(program, ['server', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
  );
  const published = new Promise((resolve) => connection.onNotification(lsp.PublishDiagnosticsNotification.type, resolve));
  connection.listen();
  const uri = pathToFileURL(path.join(folder, file)).href;
  const found = {};
  found.initialized = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {},
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'folder' }],
  });
  connection.sendNotification(lsp.InitializedNotification.type, {});
  const text = readFileSync(path.join(folder, file), 'utf8');
  connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  found.published = await published;
  const textDocument = { uri };
  const { range } = found.published.diagnostics[0];
  found.pulled = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument });
  found.actions = await connection.sendRequest(lsp.CodeActionRequest.type, {
    textDocument,
    range,
    context: { diagnostics: found.published.diagnostics },
  });
  found.hover = await connection.sendRequest(lsp.HoverRequest.type, { textDocument, position: range.start });
  found.symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument });
  found.search = await connection.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: '' });
  await connection.sendRequest(lsp.ShutdownRequest.type);
  const ended = new Promise((resolve) => server.on('exit', resolve));
  connection.sendNotification(lsp.ExitNotification.type);
  found.exit = await ended;
  process.stdout.write(JSON.stringify(found));
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
