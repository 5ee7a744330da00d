// One JSON line in (a list of {name, typeDefs} lists), one JSON line out (the
// supergraph SDL of each, or null where it does not compose).
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { readFileSync } from "node:fs";

const worlds = JSON.parse(readFileSync(0, "utf8"));
const composed = worlds.map((services) => {
  try {
    const result = composeServices(
      services.map(({ name, typeDefs }) => ({
        name,
        url: `http://${name}.test/graphql`,
        typeDefs: parse(typeDefs),
      })),
    );
    return { sdl: result.supergraphSdl ?? null, errors: (result.errors ?? []).map((e) => e.message) };
  } catch (error) {
    return { sdl: null, errors: [String(error)] };
  }
});
process.stdout.write(JSON.stringify(composed));
