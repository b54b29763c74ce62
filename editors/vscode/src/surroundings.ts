/** What the editor knows of the workspace and the machine. */
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Surroundings } from "./program";

/** Returns what decides which program is started. */
export function surroundings(extension: string): Surroundings {
  const isTrusted = vscode.workspace.isTrusted;
  const settings = vscode.workspace.getConfiguration("mlspec-lint");
  // The editor withholds what an untrusted workspace sets; this does not rely on it.
  const setting = isTrusted ? settings.get<string>("path") : settings.inspect<string>("path")?.globalValue;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    setting: (setting ?? "").trim(),
    isTrusted,
    folders: folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath),
    pathVariable: process.env["PATH"] ?? "",
    home: homedir(),
    extension,
    isWindows: process.platform === "win32",
    isProgram,
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
