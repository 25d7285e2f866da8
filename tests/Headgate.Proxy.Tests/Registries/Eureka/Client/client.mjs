// What applications do with Eureka: client.mjs HOST PORT STEPS, the last as JSON. Every step is [what, ...arguments]; what the reading ones gave is written as one JSON list.
// "register" and "deregister" are of an application each; "read" is of one more client, which reads all the first time and deltas from then on.
import { createRequire } from "node:module";
import { promisify } from "node:util";

const { Eureka } = createRequire(import.meta.url)("eureka-js-client");
const [host, port, steps] = process.argv.slice(2);
const silent = () => {};
const logger = { debug: silent, info: silent, warn: (...words) => console.error(...words), error: (...words) => console.error(...words), level: silent };
const registered = new Map();
const make = (registers, more) =>
  new Eureka({ logger, eureka: { host, port, servicePath: "/eureka/v2/apps/", registerWithEureka: registers, fetchRegistry: false, maxRetries: 0 }, ...more });
const reader = make(false, { shouldUseDelta: true });
const call = (client, method) => promisify(client[method].bind(client))();

const read = [];
for (const [what, ...given] of JSON.parse(steps)) {
  if (what === "register") {
    const [app, ip, number, more] = given;
    const instance = {
      app, instanceId: `${ip}:${number}`, hostName: ip, ipAddr: ip, vipAddress: app, port: { $: number, "@enabled": "true" },
      dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" }, ...more,
    };
    const client = make(true, { instance });
    await call(client, "start");
    registered.set(instance.instanceId, client);
  } else if (what === "deregister") await call(registered.get(given[0]), "stop");
  else if (what === "renew") {
    const client = registered.get(given[0]);
    client.renew();
    await new Promise((resolve) => client.once("heartbeat", resolve));
  } else {
    await call(reader, "fetchRegistry");
    read.push(reader.getInstancesByVipAddress(given[0]).map((one) => `${one.ipAddr}:${one.port.$}`).sort().join(" "));
  }
}
console.log(JSON.stringify(read));
process.exit(0); // heartbeats would go on
