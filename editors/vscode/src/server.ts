/** The language server: started, stopped, and told apart from one that does not run. */
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, State } from "vscode-languageclient/node";
import { findProgram, type Program } from "./program";
import type { Status } from "./status";
import { surroundings } from "./surroundings";

/** Texts that may be MLSpec. The server says nothing about those that are not. */
const LANGUAGES = ["yaml", "json", "jsonl"];

/** The server of this window. */
export class Server implements vscode.Disposable {
  #client: LanguageClient | undefined;
  #program: Program | undefined;
  /** What is done one after another: who presses restart twice wants one server. */
  #done: Promise<void> = Promise.resolve();

  constructor(
    private readonly extension: string,
    private readonly status: Status,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The program that runs, or would be started. */
  program(): Program {
    return this.#program ?? findProgram(surroundings(this.extension));
  }

  /** Starts the server, or ends it and starts it again: with other settings, or another program. */
  restart(): Promise<void> {
    this.#done = this.#done.then(() => this.#stop()).then(() => this.#start());
    return this.#done;
  }

  /** Ends the server. */
  stop(): Promise<void> {
    this.#done = this.#done.then(() => this.#stop());
    return this.#done;
  }

  dispose(): void {
    void this.stop();
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#program = undefined;
    // One that has crashed cannot be stopped any more.
    await client?.dispose().catch((error: unknown) => this.log.warn(String(error)));
  }

  async #start(): Promise<void> {
    if (!vscode.workspace.getConfiguration("mlspec-lint").get<boolean>("enable", true)) {
      this.status.off("switched off by the setting 'mlspec-lint.enable'");
      return;
    }
    this.status.starting();
    let program: Program;
    try {
      program = findProgram(surroundings(this.extension));
    } catch (error) {
      void vscode.window.showErrorMessage(`mlspec-lint: ${this.#failed(error)}`);
      return;
    }
    try {
      this.#program = program;
      const command = { command: program.path, args: ["server"] };
      const client = new LanguageClient("mlspec-lint", "mlspec-lint", command, this.#options());
      this.#client = client;
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Stopped && this.#client === client) this.status.failed("the server has ended; the log says why");
      });
      await client.start();
      const version = client.initializeResult?.serverInfo?.version ?? "of unknown version";
      this.log.info(`mlspec-lint ${version} runs: ${program.path}, from ${program.origin}`);
      this.status.running(program, version);
    } catch (error) {
      // The client has said so aloud.
      this.#failed(error);
    }
  }

  #failed(error: unknown): string {
    const why = error instanceof Error ? error.message : String(error);
    this.log.error(why);
    this.status.failed(why);
    return why;
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
      outputChannel: this.log,
      diagnosticCollectionName: "mlspec-lint",
      // The client asks for findings when a text is opened, and only then unless it is told more.
      diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
      // Whoever wants to try again has a command for it.
      initializationFailedHandler: () => false,
    };
  }
}
