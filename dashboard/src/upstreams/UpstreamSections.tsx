import { BalancingSection } from './sections/BalancingSection';
import { ChecksSection } from './sections/ChecksSection';
import { ConnectionSection } from './sections/ConnectionSection';
import { GeneralSection } from './sections/GeneralSection';
import { NodesSection } from './sections/NodesSection';
import { OutlierSection } from './sections/OutlierSection';
import { OverloadSection } from './sections/OverloadSection';
import { RetriesSection } from './sections/RetriesSection';
import { TlsSection } from './sections/TlsSection';

/** The sections of an upstream's form. */
export function UpstreamSections({ isNew = false }: { isNew?: boolean }) {
  return (
    <>
      <GeneralSection isNew={isNew} />
      <NodesSection />
      <BalancingSection />
      <ChecksSection />
      <OutlierSection />
      <RetriesSection />
      <OverloadSection />
      <ConnectionSection />
      <TlsSection />
    </>
  );
}
