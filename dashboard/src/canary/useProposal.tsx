import { App } from 'antd';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { ChangedMeanwhile } from '../objects/ChangedMeanwhile';
import { previewPatch, patchObject, useObjectChange, type Patch, type Preview } from '../objects/queries';
import { ReviewEdit } from '../objects/ReviewEdit';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import type { SplitKind } from './model';

/** A change that somebody wants, and what is said of it. */
export interface Proposal {
  members: object;
  /** Of what it is a change. */
  etag: string | null;
  words: { title: string; save: string; back: string };
  notes?: ReactNode;
  /** Said when it is done. */
  done: string;
}

interface Proposing {
  /** Looks at what a proposal would do, and shows it. Throws what the server has against it. */
  propose: (proposal: Proposal) => Promise<void>;
  /** That somebody else wrote meanwhile, where that is so. */
  conflict: ReactNode;
  /** The last look before a change is saved, while it is open. */
  dialog: ReactNode;
}

/** Changes of an object, each looked at before it is saved. `onTakeTheirs`: what somebody else wrote goes before; `onKeep`: one's own does, against what the tag stands for. */
export function useProposal(scope: Scope, kind: SplitKind, id: string, { onSaved, onTakeTheirs, onKeep }: { onSaved: () => void; onTakeTheirs: () => void; onKeep: (seen: string) => void }): Proposing {
  const { message } = App.useApp();
  const [review, setReview] = useState<{ proposal: Proposal; preview: Preview }>();
  const [overtaken, setOvertaken] = useState<{ proposal: Proposal; error: ApiError }>();
  const save = useObjectChange(scope, (patch: Patch & { why?: string }) => patchObject(kind, scope, patch));
  const patchOf = ({ members, etag }: Proposal): Patch => ({ id, members, etag });

  /** Someone else wrote in between: that is shown, and is no error of what was asked. */
  const isOvertaken = (proposal: Proposal, error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 412) return false;
    setReview(undefined);
    setOvertaken({ proposal, error });
    return true;
  };

  const propose = async (proposal: Proposal) => {
    try {
      const preview = await previewPatch(kind, scope, patchOf(proposal));
      setOvertaken(undefined);
      if (preview.would === 'nothing') void message.info(strings.objects.nothingChanged);
      else setReview({ proposal, preview });
    } catch (error) {
      if (!isOvertaken(proposal, error)) throw error;
    }
  };

  const close = () => {
    setReview(undefined);
    save.reset();
  };
  return {
    propose,
    conflict: overtaken && (
      <ChangedMeanwhile
        one={strings.canary.one[kind]}
        conflict={overtaken.error}
        onTakeTheirs={() => {
          setOvertaken(undefined);
          onTakeTheirs();
        }}
        onKeepMine={(seen) => {
          onKeep(seen);
          propose({ ...overtaken.proposal, etag: seen }).catch((error: Error) => void message.error(error.message));
        }}
      />
    ),
    dialog: review && (
      <ReviewEdit
        scope={scope}
        preview={review.preview}
        words={review.proposal.words}
        notes={review.proposal.notes}
        busy={save.isPending}
        error={save.error ?? undefined}
        onClose={close}
        onSave={(why) =>
          save.mutate(
            { ...patchOf(review.proposal), why },
            {
              onSuccess: () => {
                void message.success(review.proposal.done);
                close();
                onSaved();
              },
              onError: (error) => void isOvertaken(review.proposal, error),
            },
          )
        }
      />
    ),
  };
}
