// Watches the passing instances of a service with the npm package "consul": node watch.mjs http://HOST:PORT SERVICE COUNT
// Prints one line for each change, the addresses in order, and ends after COUNT of them.
import Consul from "consul";

const [address, service, count] = process.argv.slice(2);
const url = new URL(address);
const consul = new Consul({ host: url.hostname, port: url.port });
const watch = consul.watch({ method: consul.health.service, options: { service, passing: true, wait: "30s" } });
let seen = 0;
watch.on("change", (entries) => {
  console.log(entries.map((entry) => `${entry.Service.Address}:${entry.Service.Port}`).sort().join(" "));
  if (++seen === Number(count)) process.exit(0);
});
watch.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
