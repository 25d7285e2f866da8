// Calls methods of the npm package "consul": node call.mjs http://HOST:PORT TOKEN METHOD JSON [METHOD JSON ...]
// METHOD is a path such as agent.service.register; what each returns is printed as one line of JSON, an error as {"error": ..., "status": ...}.
import Consul from "consul";

const [address, token, ...calls] = process.argv.slice(2);
const url = new URL(address);
const consul = new Consul({ host: url.hostname, port: url.port, defaults: token === "" ? {} : { token } });
for (let i = 0; i < calls.length; i += 2) {
  const path = calls[i].split(".");
  const name = path.pop();
  const owner = path.reduce((object, part) => object[part], consul);
  try {
    const returned = await owner[name](JSON.parse(calls[i + 1]));
    console.log(JSON.stringify(returned ?? null));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message, status: error.response?.statusCode ?? error.statusCode ?? null }));
  }
}
process.exit(0);
