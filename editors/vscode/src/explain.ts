/** "Explain Rule": the page of a rule, from the program itself, so that it is about the version that runs. */
import * as vscode from "vscode";
import type { Pages } from "./pages";
import { failure, run } from "./run";

interface RuleEntry {
  readonly id: string;
  readonly severity: string;
  readonly summary: string;
}

/** Shows the page of a rule: the one that is named, or the one that is broken at the cursor, or one from the list. */
export async function explainRule(program: string, pages: Pages, named?: unknown): Promise<void> {
  const rule = typeof named === "string" ? named : ((await ruleAtCursor()) ?? (await pick(program)));
  if (rule === undefined) return;
  const explained = await run(program, ["explain", "--format", "markdown", "--", rule]);
  if (explained.code !== 0) throw new Error(failure(explained));
  await pages.show(rule.replaceAll("/", " "), explained.stdout);
}

async function ruleAtCursor(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const own = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === "mlspec-lint");
  const here = own.filter(({ range }) => range.contains(editor.selection.active)).map(({ code }) => ruleOf(code));
  const rules = [...new Set(here.filter((rule) => rule !== undefined))];
  return rules.length > 1 ? vscode.window.showQuickPick(rules, { placeHolder: "Which of the rules that are broken here" }) : rules[0];
}

function ruleOf(code: vscode.Diagnostic["code"]): string | undefined {
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? undefined : String(value);
}

async function pick(program: string): Promise<string | undefined> {
  const { stdout } = await run(program, ["rules", "--format", "json"]);
  const rules = JSON.parse(stdout) as readonly RuleEntry[];
  const items = rules.map(({ id, severity, summary }) => ({ label: id, description: severity, detail: summary }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: "Rule", matchOnDetail: true });
  return picked?.label;
}
