// What breaks was announced: the check itself, on small schemas.

import assert from "node:assert/strict";
import { test } from "node:test";
import { buildSchema } from "graphql";
import { announced, section, unannounced, unclear } from "../changes.mjs";

const today = new Date("2027-12-01T00:00:00Z");
const over = `@deprecated(reason: "Ask for \`new\`. It stays until 30 November 2027 at least.")`;
const notYet = `@deprecated(reason: "Ask for \`new\`. It stays until 1 December 2027 at least.")`;
const check = (before, after) => unannounced(buildSchema(before), buildSchema(after), today);

test("a field goes once its time is over, and not before, and not unannounced", async () => {
  const after = "type Query { new: Int }";
  assert.deepEqual(await check(`type Query { new: Int old: Int ${over} }`, after), []);
  assert.equal((await check(`type Query { new: Int old: Int ${notYet} }`, after)).length, 1);
  assert.equal((await check(`type Query { new: Int old: Int }`, after)).length, 1);
});

test("what else breaks is refused: types, arguments, values, inputs", async () => {
  for (const [before, after] of [
    ["type Query { a: Int! }", "type Query { a: Int }"],
    ["type Query { a: Int }", "type Query { a: String }"],
    ["type Query { a(b: Int): Int }", "type Query { a: Int }"],
    ["type Query { a: Int }", "type Query { a(b: Int!): Int }"],
    ["type Query { a(b: Int): Int }", "type Query { a(b: Int!): Int }"],
    ["type Query { a: E } enum E { A B }", "type Query { a: E } enum E { A }"],
    ["input I { a: Int } type Query { a(i: I): Int }", "input I { a: Int b: Int! } type Query { a(i: I): Int }"],
    ["type Query { a: T b: Int } type T { a: Int }", "type Query { b: Int }"],
  ]) {
    const found = await check(before, after);
    assert.ok(found.length > 0, `${before} -> ${after}`);
  }
});

test("a value, an argument and a type go when they were announced", async () => {
  for (const [before, after] of [
    [`type Query { a: E } enum E { A B ${over} }`, "type Query { a: E } enum E { A }"],
    [`type Query { a(b: Int ${over}): Int }`, "type Query { a: Int }"],
    [`type Query { a: T ${over} b: Int } type T { a: Int }`, "type Query { b: Int }"],
  ]) {
    assert.deepEqual(await check(before, after), [], before);
  }
  const used = await check(
    `type Query { a: T ${over} b: Int c: T } type T { a: Int }`,
    "type Query { b: Int }",
  );
  assert.ok(used.length > 0, "c leads there, too");
});

test("what is added breaks nothing", async () => {
  const before = "type Query { a: Int }";
  assert.deepEqual(await check(before, "type Query { a(b: Int): Int c: T } type T { d: Int }"), []);
});

test("a deprecation says what to use, and until when", () => {
  assert.equal(announced("Ask for `a`. It stays until 30 November 2027 at least.").instead, "a");
  for (const reason of ["No longer supported", "Ask for `a`.", "Until 2027.", "It stays until 30 Brumaire 2027: `a`.", null]) {
    assert.equal(announced(reason), null, reason);
  }
  const schema = buildSchema(`type Query { a: Int @deprecated b(c: Int @deprecated(reason: "\`d\`")): Int e: Int ${over} }`);
  assert.equal(unclear(schema).length, 2);
});

test("what is new is told as a whole, and other words are not told", async () => {
  const before = buildSchema(`"It." type Query { a: Int }`);
  const after = buildSchema(`"That." type Query { a: Int b("How." c: Int): T } "New." type T { d(e: Int): Int }`);
  const told = await section(before, after, "x");
  assert.deepEqual(told.split("\n").filter((line) => line.startsWith("- ")), [
    "- Field 'b' was added to object type 'Query'",
    "- Type 'T' was added",
  ]);
});

test("a release tells what changed", async () => {
  const [before, after] = ["type Query { a: Int }", "type Query { a: Int b: Int }"].map((text) => buildSchema(text));
  const told = await section(before, after, "1.2.0, 2027-12-01");
  assert.match(told, /^## 1\.2\.0, 2027-12-01\n\n### Added and changed\n\n- Field 'b' was added to object type 'Query'\n$/);
  assert.match(await section(before, before, "x"), /Nothing changed/);
});
