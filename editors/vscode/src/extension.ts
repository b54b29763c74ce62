/** The extension: a thin client. Whatever the server can say is not said here. */
import * as vscode from "vscode";
import { explainRule } from "./explain";
import { Pages } from "./pages";
import { Server } from "./server";
import { judge, showGraph } from "./show";
import { Status } from "./status";

let server: Server | undefined;

/** Called by the editor when a file of the activation events is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("mlspec-lint", { log: true });
  const [status, pages] = [new Status(), new Pages()];
  const own = new Server(context.extensionPath, status, log);
  server = own;
  const command = (name: string, act: (argument?: unknown) => Promise<void> | void) =>
    vscode.commands.registerCommand(`mlspec-lint.${name}`, async (argument?: unknown) => {
      try {
        await act(argument);
      } catch (error) {
        void vscode.window.showErrorMessage(`mlspec-lint: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  context.subscriptions.push(
    log,
    status,
    pages,
    own,
    command("restart", () => own.restart()),
    command("showLog", () => log.show()),
    command("explainRule", (rule) => explainRule(own.program().path, pages, rule)),
    command("judge", () => judge(own.program().path, pages, inFront())),
    command("showGraph", () => showGraph(own.program().path, inFront())),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const isOurs = ["mlspec-lint.path", "mlspec-lint.enable"].some((key) => change.affectsConfiguration(key));
      if (isOurs) void own.restart();
    }),
    // What was ignored until now may be started.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void own.restart()),
  );
  await own.restart();
}

/** Called by the editor when it ends. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

function inFront(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || document.uri.scheme !== "file") throw new Error("there is no file in front");
  return document;
}
