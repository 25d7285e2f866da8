import { BalancingSection } from './sections/BalancingSection';
import { ChecksSection } from './sections/ChecksSection';
import { ConnectionSection } from './sections/ConnectionSection';
import { GeneralSection } from './sections/GeneralSection';
import { NodesSection } from './sections/NodesSection';
import { RetriesSection } from './sections/RetriesSection';

/** The sections of an upstream's form. */
export function UpstreamSections({ isNew = false }: { isNew?: boolean }) {
  return (
    <>
      <GeneralSection isNew={isNew} />
      <NodesSection />
      <BalancingSection />
      <ChecksSection />
      <RetriesSection />
      <ConnectionSection />
    </>
  );
}
