// Hive Gateway in the place of HelpNest's router: the same supergraph, the same tokens,
// the same proof to the subgraphs. README.md says how to start it.
import { createHmac, randomBytes } from "node:crypto";
import {
  createRemoteJwksSigningKeyProvider,
  defineConfig,
  extractFromHeader,
} from "@graphql-hive/gateway";

const {
  HELPNEST_JWKS_URL = "http://127.0.0.1:4001/auth/.well-known/jwks.json",
  HELPNEST_ISSUER = "helpnest",
  HELPNEST_AUDIENCE = "helpnest",
  HELPNEST_ROUTER_SECRET = "",
} = process.env;

/** HELPNEST_<DOMAIN>_URL says where a subgraph is, instead of the supergraph. */
const addresses = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, location]) => {
    const domain = /^HELPNEST_([A-Z]+)_URL$/.exec(name)?.[1];
    return domain && domain !== "JWKS"
      ? [[domain.toLowerCase(), { location }]]
      : [];
  }),
);

/**
 * Prove to a subgraph that a request came through the gateway: one HMAC-SHA256 over
 * method, path, time, nonce, Authorization header and body (kit/proof.py).
 */
export function proofOf(secret, url, authorization, body) {
  const { pathname } = new URL(url);
  const now = Math.floor(Date.now() / 1000);
  const nonce = randomBytes(12).toString("hex");
  const head = `v1 POST ${pathname.length} ${pathname} ${now} ${nonce}`;
  const mac = createHmac("sha256", secret)
    .update(`${head} ${Buffer.byteLength(authorization)} ${authorization}`)
    .update(body)
    .digest("hex");
  return `v1 ${now} ${nonce} ${mac}`;
}

const proving = {
  onFetch({ url, options, setOptions }) {
    if (!HELPNEST_ROUTER_SECRET || typeof options.body !== "string") return;
    const headers = new Headers(options.headers);
    const authorization = headers.get("authorization") ?? "";
    const proof = proofOf(HELPNEST_ROUTER_SECRET, url, authorization, options.body);
    headers.set("x-helpnest-proof", proof);
    setOptions({ ...options, headers: Object.fromEntries(headers) });
  },
};

export const gatewayConfig = defineConfig({
  jwt: {
    signingKeyProviders: [
      createRemoteJwksSigningKeyProvider({ jwksUri: HELPNEST_JWKS_URL }),
    ],
    tokenLookupLocations: [
      extractFromHeader({ name: "authorization", prefix: "Bearer" }),
    ],
    tokenVerification: {
      issuer: HELPNEST_ISSUER,
      audience: HELPNEST_AUDIENCE,
      algorithms: ["ES256"],
    },
    // Strangers may sign in; a token that proves nothing is refused.
    reject: { missingToken: false, invalidToken: true },
    // The subgraphs verify the caller's own token once more.
    forward: { payload: false, token: false },
  },
  genericAuth: {
    mode: "protect-granular",
    resolveUserFn: (context) => context.jwt?.payload,
    extractScopes: (user) => user?.scope?.split(" ") ?? [],
  },
  propagateHeaders: {
    fromClientToSubgraphs({ request }) {
      const authorization = request.headers.get("authorization");
      return authorization ? { authorization } : {};
    },
  },
  transportEntries: addresses,
  plugins: () => [proving],
});
