// What changed in the schema since it was released last, and whether what breaks was announced: the element was
// deprecated then, with what to use in its place and a date until which it stays, and that date is over.
//
//   npm run changes                  says what changed, and ends with 1 where something breaks unannounced
//   npm run changes -- release 0.2.0 writes it into CHANGELOG.md, and takes the schema as released

import { readFileSync, writeFileSync } from "node:fs";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

// Until when a reason says that something stays ("until 30 November 2027"), and what is to be used instead (between
// backticks). Null where it says not both.
export function announced(reason) {
  const date = /until (\d{1,2}) ([A-Z][a-z]+) (\d{4})/.exec(reason ?? "");
  const instead = /`([^`]+)`/.exec(reason ?? "");
  const month = date ? MONTHS.indexOf(date[2]) : -1;
  if (month < 0 || !instead) return null;
  return { until: new Date(Date.UTC(Number(date[3]), month, Number(date[1]), 23, 59, 59)), instead: instead[1] };
}

// The element at a coordinate such as `User.friends.first` or `Audience.PUBLIC`, and those that it is a part of.
function* at(schema, path) {
  const [typeName, memberName, argumentName] = path.split(".");
  const type = schema.getType(typeName);
  if (!type || !memberName) return;
  let member;
  if (isEnumType(type)) member = type.getValue(memberName);
  else if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) member = type.getFields()[memberName];
  if (!member) return;
  yield member;
  const argument = argumentName && member.args?.find((one) => one.name === argumentName);
  if (argument) yield argument;
}

// Every element that can be deprecated, with its coordinate.
export function* elements(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field];
      for (const one of field.args ?? []) yield [`${type.name}.${field.name}.${one.name}`, one];
    }
  }
}

const named = (type) => (type?.ofType ? named(type.ofType) : type?.name);

// Whether what leads to a type was announced to go, each of it.
function isLeftBehind(schema, typeName, isDue) {
  const leading = [...elements(schema)].filter(([, element]) => named(element.type) === typeName);
  return leading.length > 0 && leading.every(([path]) => path.startsWith(`${typeName}.`) || isDue(path));
}

/** The breaking changes that were not announced, a line each. `today` is a Date. */
export async function unannounced(released, current, today) {
  const isDue = (path) =>
    [...at(released, path)].some((element) => {
      const said = announced(element.deprecationReason);
      return said !== null && said.until < today;
    });
  const changes = await diff(released, current);
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .filter((change) => {
      const path = change.path ?? "";
      return !(path.includes(".") ? isDue(path) : isLeftBehind(released, path, isDue));
    })
    .map((change) => change.message);
}

/** The deprecations that say not what to use instead, or not until when. */
export function unclear(schema) {
  return [...elements(schema)]
    .filter(([, element]) => element.deprecationReason != null && announced(element.deprecationReason) === null)
    .map(([path, element]) => `${path} is deprecated with "${element.deprecationReason}"`);
}

// Changes that say something by themselves: not what belongs to something that is new as a whole, and no other words.
function telling(changes) {
  const added = new Set(changes.filter(({ type }) => type.endsWith("_ADDED")).map(({ path }) => path));
  return changes.filter(({ type, path }) => {
    const parts = (path ?? "").split(".");
    const isOfNew = parts.some((_, place) => place > 0 && added.has(parts.slice(0, place).join(".")));
    return !isOfNew && !type.includes("DESCRIPTION");
  });
}

/** What changed, as a section of the changelog. */
export async function section(released, current, title) {
  const changes = telling(await diff(released, current));
  const kinds = [
    [CriticalityLevel.Breaking, "Breaking"],
    [CriticalityLevel.Dangerous, "To look at"],
    [CriticalityLevel.NonBreaking, "Added and changed"],
  ];
  const parts = kinds.map(([level, name]) => {
    const lines = changes.filter((change) => change.criticality.level === level).map((change) => `- ${change.message}`);
    return lines.length > 0 ? `### ${name}\n\n${[...new Set(lines)].sort().join("\n")}\n` : "";
  });
  return `## ${title}\n\n${parts.filter(Boolean).join("\n") || "Nothing changed in the schema.\n"}`;
}

async function main([what, version]) {
  const place = (name) => new URL(name, import.meta.url);
  const text = readFileSync(place("../schema.graphql"), "utf8");
  const released = buildSchema(readFileSync(place("released.graphql"), "utf8"));
  const current = buildSchema(text);
  const today = new Date();
  const faults = [...unclear(current), ...(await unannounced(released, current, today))];
  if (faults.length > 0) {
    console.error(`Say first what to use instead (between backticks), and until when it stays ("until 30 November 2027"):`);
    for (const fault of faults) console.error(`- ${fault}`);
    process.exitCode = 1;
    return;
  }
  if (what !== "release") {
    console.log(await section(released, current, "Not released yet"));
    return;
  }
  if (!/^\d+\.\d+\.\d+$/.test(version ?? "")) throw new Error("name the version, such as 0.2.0");
  const log = readFileSync(place("../CHANGELOG.md"), "utf8");
  const mark = "<!-- the newest first -->\n";
  if (!log.includes(mark)) throw new Error(`CHANGELOG.md has no line ${mark}`);
  const news = await section(released, current, `${version}, ${today.toISOString().slice(0, 10)}`);
  writeFileSync(place("../CHANGELOG.md"), log.replace(mark, `${mark}\n${news}`));
  writeFileSync(place("released.graphql"), text);
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
