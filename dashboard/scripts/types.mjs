// Makes src/api/openapi.d.ts of the API's document.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const folder = new URL('..', import.meta.url);
const document = JSON.parse(await readFile(new URL('openapi.json', folder), 'utf8'));

// "One of these members is needed" is a rule that types cannot tell: beside an object's members it would make `unknown` of it.
const isRule = (schema) => Object.keys(schema).every((key) => key === 'required' || key === 'not');
function simplify(schema) {
  if (typeof schema !== 'object' || schema === null) return;
  for (const choice of ['anyOf', 'oneOf']) if (schema.properties && schema[choice]?.every(isRule)) delete schema[choice];
  for (const member of Object.values(schema)) simplify(member);
}
simplify(document.components.schemas);

await writeFile(new URL('src/api/openapi.d.ts', folder), astToString(await openapiTS(document, { defaultNonNullable: false, emptyObjectsUnknown: true })));
