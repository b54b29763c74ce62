/** The page: two texts, what the library says of them, and links that carry a text. Text of documents only ever becomes text of elements. */
import { Library } from "./library.mjs";
import { linkOf, textOf } from "./link.mjs";

const part = (id) => document.getElementById(id);
const [first, second, summary, findings, verdict, graph, example] = ["first", "second", "summary", "findings", "verdict", "graph", "example"].map(part);
const modes = [...document.querySelectorAll("input[name=mode]")];
/** How long nothing is typed before it is looked at, in milliseconds. */
const PAUSE = 120;

let library;
let last = {};
let examples = [];

const mode = () => modes.find((own) => own.checked).value;

function element(name, { text, className, ...more } = {}, ...children) {
  const made = Object.assign(document.createElement(name), more);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  made.append(...children.filter((own) => own !== undefined));
  return made;
}

function button(text, act) {
  const made = element("button", { text, type: "button" });
  made.addEventListener("click", act);
  return made;
}

/** The names under which the texts are known, as reports have them. */
const names = () => (mode() === "gate" ? ["objectives.yml", "evidence.yml"] : ["document.yml"]);
const panes = () => (mode() === "gate" ? [first, second] : [first]);
const files = () => names().map((name, at) => ({ name, text: panes()[at].value }));
const paneOf = (path) => panes()[names().indexOf(path)];

/** Looks at the texts, and shows what is said of them. */
function look() {
  if (library === undefined) return;
  const texts = files();
  const checked = library.answer({ do: "check", files: texts });
  last = checked;
  const judged = mode() === "gate" ? library.answer({ do: "gate", files: texts }) : {};
  const report = judged.report ?? checked.report;
  verdict.replaceChildren(...(judged.verdict?.objectives ?? []).map(objective));
  findings.replaceChildren(...(report?.findings ?? []).map(finding));
  summary.textContent = checked.error ?? judged.error ?? (mode() === "gate" ? outcome(judged) : counted(report.summary));
  part("fix").disabled = Object.keys(checked.fixed?.safe ?? {}).length === 0;
  part("fix-all").disabled = Object.keys(checked.fixed?.unsafe ?? {}).length === 0;
  graph.hidden = !checked.graph || mode() === "gate";
  if (!graph.hidden) graph.querySelector("img").src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(checked.graph)}`;
}

function counted({ documents, errors, warnings, infos }) {
  const several = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const found = [several(errors, "error"), several(warnings, "warning"), several(infos, "note")].filter((own) => !own.startsWith("0 "));
  return `${several(documents, "document")}: ${found.join(", ") || "no findings"}`;
}

function outcome({ verdict, refused }) {
  if (verdict === undefined) return `No verdict: ${refused}`;
  const counts = Object.entries(verdict.counts).filter(([, count]) => count > 0);
  return `Gate: ${verdict.verdict} (${counts.map(([what, count]) => `${count} ${what}`).join(", ")})`;
}

function finding(own) {
  const at = own.span.start;
  const where = names().length > 1 ? `${own.path}:${at.line}:${at.column}` : `${at.line}:${at.column}`;
  const fixes = own.fixes.map((fix) => button(`Fix: ${fix.title}`, () => apply(own.path, fix.edits)));
  return element(
    "li",
    { className: own.severity },
    button(where, () => show(own)),
    element("span", { className: "kind", text: `${own.severity} ` }),
    element("span", { text: own.message }),
    own.help === null ? undefined : element("p", { className: "help", text: own.help }),
    element("div", {}, button(own.rule, () => explain(own.rule, own.url)), ...fixes),
  );
}

function objective(own) {
  const mark = { true: "✓", false: "✗" };
  const claims = own.claims.map((claim) => {
    const slice = Object.entries(claim.slice).map(([name, value]) => `${name} ${value}: `).join("");
    return element("li", { text: `${mark[claim.truth] ?? "?"} ${slice}${claim.text}: ${claim.message}` });
  });
  return element(
    "div",
    { className: `objective ${own.verdict}` },
    element("span", { className: "kind", text: `${own.verdict} ` }),
    element("strong", { text: own.id }),
    element("div", { text: own.expression }),
    element("div", { text: own.message }),
    element("ul", { className: "claims" }, ...claims),
  );
}

/** Selects the place of a finding. Its offsets are those of bytes. */
function show({ path, span }) {
  const pane = paneOf(path);
  if (pane === undefined) return;
  const [start, end] = [span.start, span.end].map(({ offset }) => characters(pane.value, offset));
  pane.focus();
  pane.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(pane).lineHeight);
  pane.scrollTop = Math.max(0, (span.start.line - 5) * height);
}

function characters(text, offset) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text).slice(0, offset)).length;
}

function apply(path, edits) {
  const pane = paneOf(path);
  const text = pane.value;
  const parts = [...edits].sort((a, b) => b.start - a.start);
  write(pane, parts.reduce((own, { start, end, text }) => own.slice(0, characters(own, start)) + text + own.slice(characters(own, end)), text));
  look();
}

/** Replaces a text so that it can be undone. */
function write(pane, text) {
  if (pane.value === text) return;
  pane.focus();
  pane.select();
  if (!document.execCommand("insertText", false, text)) pane.value = text;
}

function fix(level) {
  for (const [path, text] of Object.entries(last.fixed?.[level] ?? {})) write(paneOf(path), text);
  look();
}

function explain(rule, url) {
  const { markdown, error } = library.answer({ do: "explain", rule });
  part("rule-title").textContent = rule;
  part("rule-page").textContent = markdown ?? error;
  part("rule-link").href = url;
  part("rule").hidden = false;
  part("rule-page").focus();
}

/** Puts a request into the panes: an example, or what a link carries. */
function take({ do: what, files: texts = [] }) {
  modes.forEach((own) => (own.checked = own.value === (what === "gate" ? "gate" : "check")));
  arrange();
  panes().forEach((pane, at) => (pane.value = texts[at]?.text ?? ""));
  look();
}

function arrange() {
  const isGate = mode() === "gate";
  part("second-section").hidden = !isGate;
  part("first-label").textContent = isGate ? "Objectives" : "Document";
  part("fix").hidden = part("fix-all").hidden = isGate;
}

/** Copies a link with the texts in it, from which credentials were taken. */
async function share() {
  const masked = files().map(({ name, text }) => ({ name, text: library.answer({ do: "mask", text }).text ?? text }));
  const isMasked = masked.some(({ text }, at) => text !== files()[at].text);
  const link = new URL(location.href);
  link.hash = await linkOf({ do: mode(), files: masked });
  history.replaceState(null, "", link);
  const copied = await navigator.clipboard?.writeText(link.href).then(() => true, () => false);
  const what = copied ? "The link is copied" : "The link is in the address bar";
  part("shared").textContent = isMasked ? `${what}. Credentials in the text were masked in it.` : `${what}.`;
}

function offer({ rules }, complete) {
  const group = (label, own) => element("optgroup", { label }, ...own.map(({ title, request }) => option(title, request)));
  const option = (title, request) => element("option", { text: title, value: String(examples.push(request) - 1) });
  // Changes and tables have no panes here.
  const ofRule = (rule, key, what) => rule[key].filter((own) => own.do === "check").slice(0, 1).map((request) => ({ title: `${rule.id} ${what}`, request }));
  const all = rules.flatMap((rule) => [...ofRule(rule, "fails", "fails"), ...ofRule(rule, "passes", "passes")]);
  example.append(group("Complete", complete.map((request) => ({ title: request.title, request }))), group("Rules", all));
}

async function start() {
  const fetched = await fetch("mlspec-lint.wasm");
  if (!fetched.ok) throw new Error(`mlspec-lint.wasm: ${fetched.status}`);
  library = await Library.of(await fetched.arrayBuffer());
  const complete = library.answer({ do: "examples" }).examples;
  offer(library.answer({ do: "rules" }), complete);
  take((await carried()) ?? complete[0]);
  document.documentElement.dataset.ready = "true";
}

async function carried() {
  try {
    return await textOf(location.hash);
  } catch {
    part("shared").textContent = "The link is damaged: this is an example.";
    return undefined;
  }
}

let pause;
for (const pane of [first, second]) {
  pane.addEventListener("input", () => {
    clearTimeout(pause);
    part("shared").textContent = "";
    pause = setTimeout(look, PAUSE);
  });
}
modes.forEach((own) => own.addEventListener("change", () => (arrange(), look())));
example.addEventListener("change", () => {
  part("shared").textContent = "";
  if (example.value !== "") take(examples[Number(example.value)]);
});
part("fix").addEventListener("click", () => fix("safe"));
part("fix-all").addEventListener("click", () => fix("unsafe"));
part("share").addEventListener("click", share);
part("rule-close").addEventListener("click", () => (part("rule").hidden = true));
part("controls").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", async () => {
  const request = await carried();
  if (request !== undefined) take(request);
});
start().catch((error) => (summary.textContent = `The checker cannot be loaded: ${error.message}`));
