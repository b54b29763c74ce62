// A stand-in for the module `vscode`: as much of the editor as the extension and the client of the protocol touch. What they only pass on
// is a function that does nothing, or an empty class. What they say is in `said`; what a user would do is in `user`.
"use strict";

const path = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

class Disposable {
  constructor(dispose = () => undefined) {
    this.dispose = dispose;
  }
  static from(...all) {
    return new Disposable(() => all.forEach((own) => own.dispose()));
  }
}

class EventEmitter {
  #listeners = new Set();
  event = (listener, self) => {
    const own = (value) => listener.call(self, value);
    this.#listeners.add(own);
    return new Disposable(() => this.#listeners.delete(own));
  };
  fire(value) {
    return Promise.all([...this.#listeners].map((listener) => listener(value)));
  }
  dispose() {
    this.#listeners.clear();
  }
}

class Uri {
  constructor(parts) {
    Object.assign(this, { scheme: "", authority: "", path: "", query: "", fragment: "" }, parts);
  }
  get fsPath() {
    return this.path;
  }
  toString() {
    return this.scheme === "file" ? pathToFileURL(this.path).href : `${this.scheme}:${this.path}`;
  }
  static file = (file) => new Uri({ scheme: "file", path: file });
  static from = (parts) => new Uri(parts);
  static parse = (text) => (text.startsWith("file:") ? Uri.file(fileURLToPath(text)) : new Uri({ scheme: text.split(":")[0], path: text }));
  static joinPath = (uri, ...parts) => new Uri({ ...uri, path: path.join(uri.path, ...parts) });
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(start, end, endLine, endCharacter) {
    this.start = endLine === undefined ? start : new Position(start, end);
    this.end = endLine === undefined ? end : new Position(endLine, endCharacter);
  }
  contains({ line, character }) {
    const isBefore = (a, b) => a.line < b.line || (a.line === b.line && a.character <= b.character);
    return isBefore(this.start, { line, character }) && isBefore({ line, character }, this.end);
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
  cancel() {
    this.token.isCancellationRequested = true;
  }
  dispose() {}
}

class Kind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new Kind(`${this.value}.${part}`);
  }
}

const numbered = (...names) => Object.fromEntries(names.flatMap((name, at) => [[name, at], [at, name]]));
const settings = new Map();
const said = { errors: [], log: [], status: undefined, panels: [], previews: [], diagnostics: new Map(), picked: [] };
const events = new Map();
const event = (name) => {
  if (!events.has(name)) events.set(name, new EventEmitter());
  return events.get(name);
};
const commands = new Map();
const providers = new Map();

// What is not named here does nothing, or is an empty class.
function standIn(known, name) {
  return new Proxy(known, {
    get(target, key) {
      if (key in target || typeof key === "symbol" || key === "then" || key === "__esModule") return target[key];
      if (/^on(Did|Will)[A-Z]/.test(key)) return event(`${name}.${key}`).event;
      if (/^[A-Z]/.test(key)) return (target[key] = class {});
      return () => new Disposable();
    },
  });
}

const document = (file, languageId, text) => ({
  uri: Uri.file(file),
  fileName: file,
  languageId,
  version: 1,
  isDirty: false,
  isClosed: false,
  text,
  get lineCount() {
    return this.text.split("\n").length;
  },
  getText() {
    return this.text;
  },
  save: async () => true,
});

// What the client of the protocol makes of the server's answers. The bundle copies the names of the module, so they must be there.
const made = `CallHierarchyIncomingCall CallHierarchyItem CallHierarchyOutgoingCall CodeAction CodeLens Color ColorInformation
  ColorPresentation CompletionItem CompletionList DocumentHighlight DocumentLink DocumentSymbol FoldingRange Hover InlayHint
  InlayHintLabelPart InlineCompletionItem InlineCompletionList LinkedEditingRanges MarkdownString ParameterInformation SelectionRange
  SemanticTokens SemanticTokensEdit SemanticTokensEdits SignatureHelp SignatureInformation SnippetString SnippetTextEdit SymbolInformation
  TabInputCustom TabInputNotebook TabInputText TabInputTextDiff TextEdit TypeHierarchyItem WorkspaceEdit`.split(/\s+/);
const numbers = `CompletionTriggerKind DocumentHighlightKind FoldingRangeKind InlineCompletionTriggerKind ProgressLocation
  SignatureHelpTriggerKind`.split(/\s+/);

const vscode = standIn(
  {
    ...Object.fromEntries(made.map((name) => [name, class {}])),
    ...Object.fromEntries(numbers.map((name) => [name, {}])),
    version: "1.100.0",
    Disposable,
    EventEmitter,
    Uri,
    Position,
    Range,
    Diagnostic,
    CancellationTokenSource,
    Location: class {
      constructor(uri, range) {
        Object.assign(this, { uri, range });
      }
    },
    DiagnosticRelatedInformation: class {
      constructor(location, message) {
        Object.assign(this, { location, message });
      }
    },
    RelativePattern: class {
      constructor(base, pattern) {
        Object.assign(this, { base, pattern });
      }
    },
    ThemeColor: class {
      constructor(id) {
        this.id = id;
      }
    },
    CancellationError: class extends Error {},
    CodeActionKind: Object.fromEntries(
      ["Empty", "QuickFix", "Refactor", "RefactorExtract", "RefactorInline", "RefactorRewrite", "Source", "SourceOrganizeImports"].map(
        (own) => [own, new Kind(own)],
      ),
    ),
    DiagnosticSeverity: numbered("Error", "Warning", "Information", "Hint"),
    DiagnosticTag: { Unnecessary: 1, Deprecated: 2 },
    LogLevel: numbered("Off", "Trace", "Debug", "Info", "Warning", "Error"),
    StatusBarAlignment: { Left: 1, Right: 2 },
    ViewColumn: { Beside: -2 },
    CompletionItemKind: numbered("Text"),
    CompletionItemTag: { Deprecated: 1 },
    SymbolKind: numbered("File"),
    SymbolTag: { Deprecated: 1 },
    CodeActionTriggerKind: { Invoke: 1, Automatic: 2 },
    TextDocumentSaveReason: { Manual: 1 },
    TextDocumentChangeReason: { Undo: 1, Redo: 2 },
    NotebookCellKind: { Markup: 1, Code: 2 },
    FileType: { File: 1, Directory: 2 },
    UIKind: { Desktop: 1 },
    env: { language: "en", appName: "stand-in", uiKind: 1, machineId: "", sessionId: "", logLevel: 3 },
    extensions: { getExtension: () => undefined, all: [] },
    workspace: standIn(
      {
        isTrusted: true,
        workspaceFolders: [],
        textDocuments: [],
        notebookDocuments: [],
        getWorkspaceFolder: (uri) => vscode.workspace.workspaceFolders.find((own) => uri.fsPath.startsWith(own.uri.fsPath)),
        getConfiguration: (section) => ({
          get: (key, otherwise) => settings.get(`${section}.${key}`)?.value ?? otherwise,
          inspect: (key) => ({ globalValue: settings.get(`${section}.${key}`)?.user }),
          has: (key) => settings.has(`${section}.${key}`),
        }),
        createFileSystemWatcher: () => standIn({ dispose: () => undefined }, "watcher"),
        registerTextDocumentContentProvider(scheme, provider) {
          providers.set(scheme, provider);
          return new Disposable(() => providers.delete(scheme));
        },
      },
      "workspace",
    ),
    window: standIn(
      {
        activeTextEditor: undefined,
        visibleTextEditors: [],
        tabGroups: standIn({ all: [] }, "tabGroups"),
        showErrorMessage: async (message) => void said.errors.push(message),
        showQuickPick: async (items) => {
          said.picked.push(items);
          return items[0];
        },
        createStatusBarItem() {
          said.status = standIn({ dispose: () => undefined }, "status");
          return said.status;
        },
        createOutputChannel() {
          const log = (line) => void said.log.push(String(line));
          return standIn(
            { name: "mlspec-lint", logLevel: 3, append: log, appendLine: log, info: log, warn: log, error: log, trace: log, debug: log },
            "output",
          );
        },
        createWebviewPanel(_, title, __, options) {
          const panel = { title, options, webview: { html: "" } };
          said.panels.push(panel);
          return panel;
        },
      },
      "window",
    ),
    languages: standIn(
      {
        match: (selector, { languageId, uri }) =>
          [selector].flat().some((own) => own.language === languageId && own.scheme === uri.scheme) ? 10 : 0,
        getDiagnostics: (uri) => said.diagnostics.get(uri.toString()) ?? [],
        createDiagnosticCollection: () => ({
          set: (uri, diagnostics) => {
            said.diagnostics.set(uri.toString(), diagnostics ?? []);
            void event("diagnostics").fire();
          },
          delete: (uri) => void said.diagnostics.delete(uri.toString()),
          clear: () => said.diagnostics.clear(),
          dispose: () => said.diagnostics.clear(),
          has: (uri) => said.diagnostics.has(uri.toString()),
          get: (uri) => said.diagnostics.get(uri.toString()),
        }),
      },
      "languages",
    ),
    commands: standIn(
      {
        registerCommand(name, act) {
          commands.set(name, act);
          return new Disposable(() => commands.delete(name));
        },
        async executeCommand(name, argument) {
          if (name === "markdown.showPreviewToSide") {
            said.previews.push({ uri: argument, text: providers.get(argument.scheme).provideTextDocumentContent(argument) });
          } else {
            await commands.get(name)(argument);
          }
        },
        getCommands: async () => [...commands.keys()],
      },
      "commands",
    ),
  },
  "vscode",
);

module.exports = {
  vscode,
  said,
  user: {
    /** Opens folders, as the only ones. */
    openFolders(...folders) {
      vscode.workspace.workspaceFolders = folders.map((own, index) => ({ uri: Uri.file(own), name: path.basename(own), index }));
    },
    /** Opens a file and looks at it. */
    async open(file, languageId, text) {
      const opened = document(file, languageId, text);
      vscode.workspace.textDocuments.push(opened);
      vscode.window.activeTextEditor = { document: opened, selection: { active: new Position(0, 0) } };
      vscode.window.visibleTextEditors.push(vscode.window.activeTextEditor);
      await event("window.onDidChangeVisibleTextEditors").fire(vscode.window.visibleTextEditors);
      await event("workspace.onDidOpenTextDocument").fire(opened);
      return opened;
    },
    /** Types: replaces a part of a text. */
    async type(opened, part, replacement) {
      const offset = opened.text.indexOf(part);
      const at = (end) => {
        const before = opened.text.slice(0, end).split("\n");
        return new Position(before.length - 1, before.at(-1).length);
      };
      const range = new Range(at(offset), at(offset + part.length));
      opened.text = opened.text.replace(part, replacement);
      opened.version += 1;
      const change = { range, rangeOffset: offset, rangeLength: part.length, text: replacement };
      await event("workspace.onDidChangeTextDocument").fire({ document: opened, contentChanges: [change], reason: undefined });
    },
    /** Changes a setting, of the workspace unless `user` says what the user set. */
    async set(key, value, own) {
      settings.set(`mlspec-lint.${key}`, { value, user: own });
      await event("workspace.onDidChangeConfiguration").fire({ affectsConfiguration: (asked) => asked === `mlspec-lint.${key}` });
    },
    commands: () => [...commands.keys()],
  },
};
