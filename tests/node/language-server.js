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
  // The dataset of the run, in line 7 of the file.
  const position = { line: 6, character: 20 };
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const about = { textDocument, position };
  found.completion = await connection.sendRequest(lsp.CompletionRequest.type, { textDocument, position: { line: 7, character: 0 } });
  found.renamable = await connection.sendRequest(lsp.PrepareRenameRequest.type, about);
  found.renamed = await connection.sendRequest(lsp.RenameRequest.type, { ...about, newName: 'sizes' });
  found.highlights = await connection.sendRequest(lsp.DocumentHighlightRequest.type, about);
  found.lenses = await connection.sendRequest(lsp.CodeLensRequest.type, { textDocument });
  found.hints = await connection.sendRequest(lsp.InlayHintRequest.type, { textDocument, range: whole });
  found.tokens = await connection.sendRequest(lsp.SemanticTokensRequest.type, { textDocument });
  found.foldings = await connection.sendRequest(lsp.FoldingRangeRequest.type, { textDocument });
  found.selections = await connection.sendRequest(lsp.SelectionRangeRequest.type, { textDocument, positions: [position] });
  found.links = await connection.sendRequest(lsp.DocumentLinkRequest.type, { textDocument });
  found.steps = await connection.sendRequest(lsp.CallHierarchyPrepareRequest.type, about);
  found.all = await connection.sendRequest(lsp.WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  // What is cancelled is answered all the same: with an error, or because it was done already.
  const cancelled = new rpc.CancellationTokenSource();
  const asked = connection.sendRequest(lsp.WorkspaceDiagnosticRequest.type, { previousResultIds: [] }, cancelled.token);
  cancelled.cancel();
  found.cancelled = await asked.then(() => 'done', (error) => error.code);
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
