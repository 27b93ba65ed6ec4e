// Makes the reference out of `schema.graphql` and the guides, into dist: what `/docs` shows. Its files are compressed, as the
// program holds them (src/bundle.rs).

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import spectaql from "spectaql";

const here = import.meta.dirname;

// The guides, in the order in which they are read.
const guides = [
  ["A first query", "first-query"],
  ["Signing in", "signing-in"],
  ["Lists and pages", "paging"],
  ["Writing", "writing"],
  ["Live events", "live"],
  ["Who sees what", "who-sees-what"],
  ["Limits", "limits"],
  ["What changes", "changes"],
].map(([title, name]) => ({ title, file: join(here, "guides", `${name}.md`) }));

// Code as it was written: where it stands in the page, each line but the first was moved in as far as its end is.
function aligned(html) {
  return html.replace(/<pre><code[^>]*>[^]*?\n( *)<\/code><\/pre>/g, (code, margin) => code.replaceAll(`\n${margin}`, "\n"));
}

// The icon of GraphiQL's page, within the page: a browser would ask for one elsewhere.
function withIcon(html) {
  const icon = readFileSync(join(here, "..", "explorer", "src", "footprints.svg")).toString("base64");
  return html.replace("<title>", `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${icon}">\n<title>`);
}

const missing = readdirSync(join(here, "guides")).length - guides.length;
if (missing !== 0) throw new Error("a guide is not in the list of build.mjs");

const made = mkdtempSync(join(tmpdir(), "ashiato-docs-"));
const specFile = join(made, "config.json");
writeFileSync(
  specFile,
  JSON.stringify({
    spectaql: { themeDir: join(here, "theme"), targetDir: join(made, "site") },
    introspection: { schemaFile: join(here, "..", "schema.graphql"), fieldExpansionDepth: 1, queryNameStrategy: "capitalizeFirst" },
    extensions: { graphqlScalarExamples: true },
    info: {
      title: "Ashiato",
      description:
        "A social graph as one GraphQL schema: users, friendships, diaries, reviews, and *ashiato*, the footprints that show who visited. Guides first, then everything that the schema has.",
      "x-introItems": guides,
    },
    servers: [{ url: "http://127.0.0.1:8000/graphql", description: "A service on this machine", headers: [{ name: "Authorization", example: "Bearer <TOKEN>" }] }],
  }),
);

try {
  await spectaql({ specFile, quiet: true });
  const dist = join(here, "dist");
  rmSync(dist, { recursive: true, force: true });
  for (const entry of readdirSync(join(made, "site"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(dist, from.slice(join(made, "site").length));
    mkdirSync(join(to, ".."), { recursive: true });
    const data = extname(to) === ".html" ? withIcon(aligned(readFileSync(from, "utf8"))) : readFileSync(from);
    if ([".html", ".css", ".js"].includes(extname(to))) writeFileSync(`${to}.gz`, gzipSync(data, { level: 9 }));
    else writeFileSync(to, data);
  }
} finally {
  rmSync(made, { recursive: true, force: true });
}
