import { App, Button } from 'antd';
import { useState } from 'react';
import { Page } from '../components/Page';
import { idOf, nameOf } from '../objects/kinds';
import type { Scope } from '../objects/scope';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { CanaryNotes } from './CanaryNotes';
import { canaryOf, draftOf, isSame, type Draft } from './draft';
import { patchOfRelease, patchOfReturn, patchOfRules, readCanary, writeCanary, type SplitKind, type Splittable } from './model';
import { MoveNotes, ReleaseNotes, ReturnNotes } from './notes';
import { ReadOnlySplit } from './ReadOnlySplit';
import { RulesInWords } from './RulesInWords';
import { SidesCharts } from './SidesCharts';
import { SidesTable } from './SidesTable';
import { SplitEditor } from './SplitEditor';
import { SplitJson } from './SplitJson';
import { useProposal } from './useProposal';
import { useSides } from './useSides';

interface CanaryOfProps {
  scope: Scope;
  kind: SplitKind;
  object: Splittable;
  etag: string | null;
}

/** The canary of an object that is there. */
export function CanaryOf({ scope, kind, object, etag }: CanaryOfProps) {
  const words = strings.canary;
  const { message } = App.useApp();
  const [id, name, one] = [idOf(object), nameOf(object), words.one[kind]];
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const split = useSides(scope, kind, object);
  const { config, own, rules } = split;
  const { canary, reason } = readCanary(config);
  // What is edited stays against what it began on; what nobody edits follows what is stored.
  const [begun, setBegun] = useState<{ draft: Draft; etag: string | null }>();
  const { propose, conflict, dialog } = useProposal(scope, kind, id, {
    onSaved: () => setBegun(undefined),
    onTakeTheirs: () => setBegun(undefined),
    onKeep: (seen) => setBegun((before) => before && { ...before, etag: seen }),
  });
  const draft = begun?.draft ?? draftOf(canary);
  const isChanged = canary === undefined || !isSame(draft, draftOf(canary));
  const ownId = own?.startsWith('upstreams/') ? own.slice('upstreams/'.length) : undefined;
  const read = canaryOf(draft, ownId);

  const ask = (proposal: Parameters<typeof propose>[0]) => void propose(proposal).catch((error: Error) => message.error(error.message));
  const release = (upstreamId: string) =>
    ask({
      members: patchOfRelease(object, upstreamId),
      etag,
      words: words.releaseWords(one, name),
      notes: <ReleaseNotes scope={scope} kind={kind} object={object} upstreamId={upstreamId} split={split} />,
      done: words.released,
    });
  const goBack = () =>
    ask({ members: patchOfReturn(), etag, words: words.backWords(one, name), notes: <ReturnNotes scope={scope} kind={kind} object={object} split={split} />, done: words.wentBack });

  return (
    <Page
      title={words.pageTitle(name)}
      about={words.pageAbout(one)}
      actions={
        mayWrite &&
        config !== undefined && (
          <>
            <Button onClick={goBack}>{words.back}</Button>
            {canary && <Button onClick={() => release(canary.upstreamId)}>{words.release}</Button>}
          </>
        )
      }
    >
      {conflict}
      <CanaryNotes scope={scope} kind={kind} object={object} split={split} />
      <section aria-labelledby="sides" className="block">
        <h2 id="sides">{words.sides}</h2>
        <SidesTable scope={scope} sides={split.sides} />
        {config && <SidesCharts sides={split.sides} at={split.at} />}
        <p className="secondary">{split.routes.ids === undefined && split.routes.count !== undefined ? words.ofAllRoutes(split.routes.count) : words.tries}</p>
      </section>
      {rules.length > 0 && (!mayWrite || reason !== undefined) && (
        <section aria-labelledby="rules" className="block">
          <h2 id="rules">{words.rules}</h2>
          {mayWrite && reason !== undefined && <ReadOnlySplit scope={scope} kind={kind} id={id} reason={reason} />}
          <RulesInWords scope={scope} rules={rules} own={own} />
        </section>
      )}
      {mayWrite && (reason === undefined || begun !== undefined) && (
        <SplitEditor
          draft={draft}
          stored={canary}
          own={ownId}
          isChanged={isChanged}
          onChange={(next) => setBegun((before) => ({ draft: next, etag: before?.etag ?? etag }))}
          {...(begun && { onReset: () => setBegun(undefined) })}
          onReview={(next) =>
            propose({
              members: patchOfRules(writeCanary(config, next)),
              etag: begun?.etag ?? etag,
              words: words.reviewMove,
              notes: <MoveNotes scope={scope} upstreamId={next.upstreamId} />,
              done: words.moved,
            })
          }
        />
      )}
      <SplitJson now={config} then={mayWrite && isChanged && 'canary' in read ? writeCanary(config, read.canary) : undefined} />
      {dialog}
    </Page>
  );
}
