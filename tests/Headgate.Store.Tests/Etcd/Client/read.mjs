// Reads keys with the npm package "etcd3": node read.mjs http://HOST:PORT PREFIX
// One line of JSON: the keys below the prefix with their values, the newest revision, and what it put itself below the prefix.
import { Etcd3 } from "etcd3";

const [host, prefix] = process.argv.slice(2);
const etcd = new Etcd3({ hosts: host });
const found = await etcd.getAll().prefix(prefix).exec();
const entries = Object.fromEntries(found.kvs.map((kv) => [kv.key.toString(), kv.value.toString()]));
const put = await etcd.put(`${prefix}from-etcd3`).value('{"uri":"/theirs"}').exec();
console.log(JSON.stringify({ entries, revision: found.header.revision, put: put.header.revision }));
process.exit(0);
