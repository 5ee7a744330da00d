// Composes what comes on standard input, a list of {name, url, typeDefs}, and answers
// {supergraphSdl, publicSdl} or {errors: [{code, message}]} on standard output.
import { readFileSync } from "node:fs";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const services = JSON.parse(readFileSync(0, "utf8"));
const errors = [];
const parsed = services.map((service) => {
  try {
    return { ...service, typeDefs: parse(service.typeDefs) };
  } catch (error) {
    errors.push({ code: "INVALID_GRAPHQL", message: `[${service.name}] ${error}` });
    return service;
  }
});
if (errors.length === 0) {
  const result = composeServices(parsed);
  for (const error of result.errors ?? []) {
    errors.push({ code: error.extensions?.code ?? "UNKNOWN", message: error.message });
  }
  if (errors.length === 0) {
    const { supergraphSdl, publicSdl } = result;
    process.stdout.write(JSON.stringify({ supergraphSdl, publicSdl }));
  }
}
if (errors.length > 0) process.stdout.write(JSON.stringify({ errors }));
