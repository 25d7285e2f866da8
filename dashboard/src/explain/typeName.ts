import { strings } from '../strings';

/** What a type of load balancing is called. */
export function typeName(type: string): string {
  const types: Record<string, { name: string }> = strings.upstreams.types;
  return types[type]?.name ?? type;
}
