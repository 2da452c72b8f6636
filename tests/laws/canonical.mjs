// A second implementation of the canonical bytes and the leaf hash: reads a JSON list of values
// from standard input, writes [number of bytes, leaf hash] for each of them.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const out = JSON.parse(readFileSync(0, "utf8")).map((value) => {
  const bytes = Buffer.from(canonical(value), "utf8");
  const leaf = createHash("sha256").update(Buffer.from([0])).update(bytes).digest("hex");
  return [bytes.length, leaf];
});
console.log(JSON.stringify(out));
