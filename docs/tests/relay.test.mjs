// Relay's compiler takes the schema, and operations of all the kinds that it knows.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import relay from "relay-compiler";

const here = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ashiato-relay-"));
after(() => rmSync(folder, { recursive: true, force: true }));

// What the compiler makes of `source`; it throws where it refuses.
function compile(name, source) {
  const root = join(folder, name);
  mkdirSync(join(root, "src"), { recursive: true });
  cpSync(join(here, "..", "schema.graphql"), join(root, "schema.graphql"));
  writeFileSync(join(root, "src", "friends.js"), source);
  mkdirSync(join(root, "made"));
  const config = {
    src: "./src",
    schema: "./schema.graphql",
    language: "javascript",
    artifactDirectory: "./made",
  };
  writeFileSync(join(root, "relay.config.json"), JSON.stringify(config));
  execFileSync(relay, ["relay.config.json"], { cwd: root, stdio: "pipe" });
  return readdirSync(join(root, "made")).sort();
}

const source = readFileSync(join(here, "relay", "friends.js"), "utf8");

test("what Relay is used for compiles", () => {
  const made = compile("as-it-is", source);
  assert.deepEqual(made.length, 6, made.join(" "));
  assert(made.includes("friendsPageQuery.graphql.js"), "a list is fetched again by its owner's id");
});

test("what the schema does not have is refused", () => {
  assert.throws(() => compile("misspelt", source.replace("nickname", "nickName")), /nickName/);
  const noList = source.replace("friends(first: $count, after: $cursor) @connection", "friends @connection");
  assert.throws(() => compile("no-page", noList), /first|connection/i);
});
