// A token for whoever is signed in, with what Node brings. TANYA_SECRET=… node sign.mjs dewi.lestari hr-portal
import { createHmac, randomUUID } from "node:crypto";

export function tokenFor(subject, site, secret, groups = [], seconds = 600) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: subject, aud: site, iat: now, exp: now + seconds, jti: randomUUID(), groups };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

if (process.argv[1]?.endsWith("sign.mjs")) {
  console.log(tokenFor(process.argv[2], process.argv[3], process.env.TANYA_SECRET));
}
