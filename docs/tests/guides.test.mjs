// What the guides and the README show as GraphQL is what the schema has.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Kind, LoneAnonymousOperationRule, buildSchema, parse, specifiedRules, validate } from "graphql";

const here = join(import.meta.dirname, "..");
const schema = buildSchema(readFileSync(join(here, "..", "schema.graphql"), "utf8"));
const rules = specifiedRules.filter((rule) => rule !== LoneAnonymousOperationRule);

// The GraphQL of a text: blocks of it, and what stands between quotes in JavaScript and shell.
function* documents(text) {
  for (const [, block] of text.matchAll(/```graphql\n([^]*?)```/g)) yield block;
  for (const [, , inner] of text.matchAll(/("|`)((?:query|mutation|subscription)\b[^"`]*?\{[^"`]*\})\1/g)) yield inner;
}

// What is wrong with it. Several operations of one block are requests of their own.
function faults(document) {
  const { definitions } = parse(document);
  assert(definitions.every(({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION));
  return validate(schema, { kind: Kind.DOCUMENT, definitions }, rules).map(({ message }) => message);
}

const texts = [
  join(here, "..", "README.md"),
  join(here, "..", "examples", "web", "README.md"),
  ...readdirSync(join(here, "guides")).map((name) => join(here, "guides", name)),
];

test("what is shown can be asked for", () => {
  let count = 0;
  for (const path of texts) {
    for (const document of documents(readFileSync(path, "utf8"))) {
      assert.deepEqual(faults(document), [], `${path}: ${document}`);
      count += 1;
    }
  }
  assert(count > 20, `${count}`);
});

test("what the schema does not have is found", () => {
  const text = '```graphql\n{ viewer { nickname } }\n```\nask("query Q { nobody }")';
  assert.deepEqual([...documents(text)].map((document) => faults(document).length), [1, 1]);
});
