/** The status bar: which program runs, of which version, and whether it does. */
import * as vscode from "vscode";
import type { Program } from "./program";

/** The item in the status bar. */
export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("mlspec-lint", vscode.StatusBarAlignment.Right);

  constructor() {
    this.#item.name = "mlspec-lint";
    this.#item.command = "mlspec-lint.showLog";
    this.#item.show();
  }

  starting(): void {
    this.#say("$(loading~spin) mlspec-lint", "starting");
  }

  running(program: Program, version: string): void {
    this.#say(`mlspec-lint ${version}`, `${program.path}, from ${program.origin}`);
  }

  off(why: string): void {
    this.#say("$(circle-slash) mlspec-lint", why);
  }

  failed(why: string): void {
    this.#say("$(error) mlspec-lint", why, new vscode.ThemeColor("statusBarItem.errorBackground"));
  }

  dispose(): void {
    this.#item.dispose();
  }

  #say(text: string, tooltip: string, background?: vscode.ThemeColor): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = background;
  }
}
