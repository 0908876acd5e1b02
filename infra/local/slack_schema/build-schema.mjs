// Writes block-kit.schema.json from Slack's own TypeScript types: `npm ci && npm run schema`.
import { writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const schema = createGenerator({
  path: "payload.ts",
  tsconfig: "tsconfig.json",
  type: "Payload",
  topRef: false,
  jsDoc: "none",
  skipTypeCheck: true,
  additionalProperties: false,
}).createSchema("Payload");

// `AnyBlock` adds "any object with a type" to the known blocks, which would let everything pass.
schema.definitions.AnyBlock = { $ref: "#/definitions/KnownBlock" };
delete schema.definitions.Block;

writeFileSync(process.argv[2] ?? "block-kit.schema.json", `${JSON.stringify(schema, null, 1)}\n`);
