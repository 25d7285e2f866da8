// What an application does with Nacos: client.mjs SERVER OPTIONS STEPS, the last two as JSON. Every step is [what, ...arguments]; what the reading ones gave is written as one JSON list.
import { createRequire } from "node:module";

const { NacosNamingClient } = createRequire(import.meta.url)("nacos-naming");
const [server, options, steps] = process.argv.slice(2);
const silent = () => {};
const client = new NacosNamingClient({
  serverList: server,
  logger: { info: silent, debug: silent, warn: (...words) => console.error(...words), error: (...words) => console.error(...words) },
  ...JSON.parse(options),
});
await client.ready();

const read = [];
for (const [what, ...given] of JSON.parse(steps)) {
  if (what === "register") await client.registerInstance(...given);
  else if (what === "deregister") await client.deregisterInstance(...given);
  else if (what === "status") read.push(await client.getServerStatus());
  else read.push((await client.getAllInstances(...given, "", false)).map((one) => `${one.ip}:${one.port}*${one.weight}`).sort().join(" "));
}
console.log(JSON.stringify(read));
process.exit(0); // its heartbeats would go on
