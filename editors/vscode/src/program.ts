/** Which program is started. Nothing here knows the editor, so that each case can be tried. */
import * as path from "node:path";

/** Where a program comes from. */
export type Origin = "the setting" | "the virtual environment" | "PATH" | "the extension";

/** A program, and why it is this one. */
export interface Program {
  readonly path: string;
  readonly origin: Origin;
}

/** What is known of the machine and the workspace. */
export interface Surroundings {
  /** The setting `mlspec-lint.path`, or nothing. In a workspace that is not trusted, that of the user. */
  readonly setting: string;
  /** Whether programs of the workspace may be started. */
  readonly isTrusted: boolean;
  /** The folders of the workspace, absolute. */
  readonly folders: readonly string[];
  /** The variables `PATH` and `HOME`. */
  readonly pathVariable: string;
  readonly home: string;
  /** The folder of the extension. */
  readonly extension: string;
  readonly isWindows: boolean;
  /** Whether there is a file that can be executed. */
  readonly isProgram: (path: string) => boolean;
}

/** Why there is no program to start. */
export class NoProgramError extends Error {}

/**
 * Returns the program to start: that of the setting, of the virtual environment of a folder, on `PATH`, or of the extension.
 *
 * @throws NoProgramError if there is none, or none where the setting says: another version than the one that is asked for would say other
 * things than CI.
 */
export function findProgram(around: Surroundings): Program {
  const { folders, isProgram } = around;
  if (around.setting !== "") {
    const named = expanded(around);
    if (!isProgram(named)) {
      throw new NoProgramError(`the setting 'mlspec-lint.path' names ${named}, which is no program`);
    }
    return { path: named, origin: "the setting" };
  }
  const name = around.isWindows ? "mlspec-lint.exe" : "mlspec-lint";
  const inEnvironment = around.isWindows ? path.join("Scripts", name) : path.join("bin", name);
  if (around.isTrusted) {
    const environments = folders.flatMap((folder) => [".venv", "venv"].map((own) => path.join(folder, own, inEnvironment)));
    const found = environments.find(isProgram);
    if (found !== undefined) return { path: found, origin: "the virtual environment" };
  }
  const isOfWorkspace = (folder: string) => folders.some((own) => folder === own || folder.startsWith(own + path.sep));
  // A relative folder on PATH is one of the workspace.
  const isBelieved = (folder: string) => path.isAbsolute(folder) && (around.isTrusted || !isOfWorkspace(folder));
  const onPath = around.pathVariable.split(path.delimiter).filter(isBelieved).map((folder) => path.join(folder, name));
  const found = onPath.find(isProgram);
  if (found !== undefined) return { path: found, origin: "PATH" };
  const bundled = path.join(around.extension, "bundled", "bin", name);
  if (isProgram(bundled)) return { path: bundled, origin: "the extension" };
  throw new NoProgramError("mlspec-lint is not installed: `pip install mlspec-lint` installs it, or the setting 'mlspec-lint.path' names it");
}

function expanded({ setting, home, folders }: Surroundings): string {
  const named = setting.replace(/^~(?=$|[/\\])/, home);
  return path.resolve(folders[0] ?? home, named);
}
