// A provider of identities for tests: oidc-provider, at which one person signs in without being asked anything.
//
//   node provider.mjs MODULES PORT REDIRECT_URI SECRET
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [modules, port, redirect, secret] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "orszem",
      client_secret: secret,
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  cookies: { keys: ["only for tests"] },
  pkce: { required: () => true },
  scopes: ["openid", "profile", "groups"],
  claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
  // The claims of the scopes stand in the ID token, as most providers have it.
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async findAccount(_, id) {
    return { accountId: id, claims: async () => ({ sub: id, name: "Ágnes of the provider", groups: ["press"] }) };
  },
  // What she lets orszem know is not asked either.
  async loadExistingGrant(ctx) {
    const { Grant } = ctx.oidc.provider;
    const grant = new Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile groups");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
createServer((request, response) => {
  if (request.url.startsWith("/interaction/")) {
    return provider.interactionFinished(request, response, { login: { accountId: "sub-of-agnes" } });
  }
  return answer(request, response);
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
