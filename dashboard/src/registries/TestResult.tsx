import { Alert } from 'antd';
import { strings } from '../strings';
import type { RegistryTest } from './queries';

const words = strings.registries.test;

/** What a test of a connection found. */
export function TestResult({ result }: { result: RegistryTest }) {
  if (result.status !== 'healthy') return <Alert type="error" showIcon title={words.bad} description={result.status_reason} />;
  return <Alert type="success" showIcon title={words.good(result.services, result.took_ms)} description={result.services_reason === undefined ? undefined : words.noList(result.services_reason)} />;
}
