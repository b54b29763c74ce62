/** One run of the program beside the server, for what is shown once. */
import { execFile } from "node:child_process";

/** What a run printed, and how it ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The longest output that is shown, in bytes. */
const LONGEST = 16 << 20;

/**
 * Runs the program.
 *
 * @throws Error if it cannot be started, or does not end by itself.
 */
export function run(program: string, args: readonly string[], options: { cwd?: string; input?: string } = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const where = options.cwd === undefined ? {} : { cwd: options.cwd };
    const child = execFile(program, [...args], { maxBuffer: LONGEST, ...where }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ stdout, stderr, code: typeof error?.code === "number" ? error.code : 0 });
    });
    // Who reads nothing closes the pipe early.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** Returns why a run failed, in a line: what it said last, which is about all that it said before. */
export function failure({ stderr, code }: Outcome): string {
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return said === "" ? `mlspec-lint ended with exit code ${code}` : said.replace(/^error: /, "");
}
