/** What the program says of the file in front: the verdict of the gate, and the graph of its pipelines. */
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { Pages } from "./pages";
import { failure, run } from "./run";

/** Judges by the objectives of a file, as they are on disk: so does the gate. */
export async function judge(program: string, pages: Pages, document: vscode.TextDocument): Promise<void> {
  if (document.isDirty && !(await document.save())) return;
  const file = document.uri.fsPath;
  const judged = await run(program, ["gate", "--format", "markdown", "--", file], { cwd: dirname(file) });
  if (judged.stdout.trim() === "") {
    // No verdict: the evidence has errors, which are shown like one.
    if (judged.stderr.includes("\n")) await pages.show("No verdict", `\`\`\`\`text\n${judged.stderr}\n\`\`\`\`\n`);
    throw new Error(failure(judged));
  }
  await pages.show("Verdict", judged.stdout);
}

/** Shows the pipelines of a text, whether or not it is saved, as an image beside it. */
export async function showGraph(program: string, document: vscode.TextDocument): Promise<void> {
  const options = { cwd: dirname(document.uri.fsPath), input: document.getText() };
  const drawn = await run(program, ["graph", "--format", "svg", "-"], options);
  if (drawn.code !== 0) throw new Error(failure(drawn));
  // Without scripts, and with nothing from elsewhere: names of a pipeline are whatever somebody wrote.
  const panel = vscode.window.createWebviewPanel("mlspec-lint.graph", "Graph", vscode.ViewColumn.Beside, {
    enableScripts: false,
    localResourceRoots: [],
  });
  panel.webview.html = page(drawn.stdout);
}

function page(svg: string): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const image = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Graph</title><body style="background: white"><img alt="The graph of the pipeline" src="${image}">`;
}
