// A certified OpenID Connect provider (npm's oidc-provider) on a free port of loopback, for the tests of server/openid. Prints
// its issuer. The line "rotate" on standard input gives it new keys; the end of standard input ends it.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const REDIRECT = process.env.REDIRECT ?? "http://127.0.0.1:1/sign-in/back";
const SIGNED_OUT = REDIRECT.replace("/sign-in/back", "/sign-out/back");
const SECRET = "a secret: of the tests & no other";
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"];

const client = (id, more) => ({
  client_id: id,
  client_secret: SECRET,
  redirect_uris: [REDIRECT],
  post_logout_redirect_uris: [SIGNED_OUT],
  grant_types: ["authorization_code"],
  response_types: ["code"],
  ...more,
});

const clients = [
  client("mismatch", {}),
  client("mismatch-form", { token_endpoint_auth_method: "client_secret_post" }),
  client("mismatch-public", { client_secret: undefined, token_endpoint_auth_method: "none" }),
  ...ALGORITHMS.map((alg) => client(`mismatch-${alg}`, { id_token_signed_response_alg: alg })),
];

const people = {
  ada: { name: "Ada Lovelace", email: "Ada@example.org", email_verified: true, groups: ["staff", "ml-admins"] },
  grace: { name: "Grace Hopper", email: "grace@example.org", email_verified: false, groups: ["guests"] },
};

const key = (type, options) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
  kid: randomUUID(),
  use: "sig",
});

const jwks = () => ({
  keys: [
    key("rsa", { modulusLength: 2048 }),
    key("ec", { namedCurve: "P-256" }),
    key("ec", { namedCurve: "P-384" }),
    key("ed25519"),
  ],
});

const made = (issuer) => {
  const provider = new Provider(issuer, {
    clients,
    jwks: jwks(),
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    cookies: { keys: [randomUUID()] },
    claims: { email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: ["openid", "email", "profile", "groups"],
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  return provider.callback();
};

let answer;
const server = createServer((request, response) => answer(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  answer = made(issuer);
  console.log(issuer);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line === "rotate") {
      answer = made(issuer);
      console.log("rotated");
    }
  });
  lines.on("close", () => process.exit(0));
});
