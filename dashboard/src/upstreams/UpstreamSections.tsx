import { GeneralSection } from '../objects/GeneralSection';
import { BalancingSection } from './sections/BalancingSection';
import { ChecksSection } from './sections/ChecksSection';
import { ConnectionSection } from './sections/ConnectionSection';
import { NodesSection } from './sections/NodesSection';
import { OutlierSection } from './sections/OutlierSection';
import { OverloadSection } from './sections/OverloadSection';
import { RetriesSection } from './sections/RetriesSection';
import { TlsSection } from './sections/TlsSection';

/** The sections of an upstream's form. `inline`: of one that is written in another object, and has no name of its own. */
export function UpstreamSections({ isNew = false, inline = false }: { isNew?: boolean; inline?: boolean }) {
  return (
    <>
      {!inline && <GeneralSection isNew={isNew} />}
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
