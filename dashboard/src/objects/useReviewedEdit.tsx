import { App } from 'antd';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { strings } from '../strings';
import { ChangedMeanwhile } from './ChangedMeanwhile';
import { useObjectChange, type Preview } from './queries';
import { ReviewEdit } from './ReviewEdit';
import type { Scope } from './scope';

/** What is to be written over what the tag stands for. */
export interface Write<B> {
  body: B;
  etag: string | null;
}

interface EditedObject<B> {
  scope: Scope;
  /** What it is: "upstream". */
  one: string;
  /** What an edit touches of one that no other uses, if it has requests of its own. */
  ownRequests?: string;
  /** The tag of what was opened. */
  etag: string | null;
  /** What a write would change and whom it touches. */
  preview: (write: Write<B>) => Promise<Preview>;
  save: (write: Write<B> & { why?: string }) => Promise<unknown>;
  onSaved: (body: B) => void;
  /** What somebody else wrote meanwhile is taken in place of one's own. */
  onTakeTheirs: () => void;
}

interface ReviewedEdit<B> {
  /** Shows what a write would do. Throws what the server has against it. */
  look: (body: B) => Promise<void>;
  isSaving: boolean;
  /** That somebody else wrote meanwhile, where that is so. */
  conflict: ReactNode;
  /** The last look before it is saved, while it is open. */
  dialog: ReactNode;
}

/** An edit of an object: what differs and whom it touches is shown before it is saved, and it is saved only over what was seen. */
export function useReviewedEdit<B>({ scope, one, ownRequests, etag, preview, save: write, onSaved, onTakeTheirs }: EditedObject<B>): ReviewedEdit<B> {
  const { message } = App.useApp();
  const [review, setReview] = useState<{ write: Write<B>; preview: Preview }>();
  const [overtaken, setOvertaken] = useState<ApiError>();
  const [basis, setBasis] = useState(etag);
  const save = useObjectChange(scope, write);

  /** Someone else wrote in between: that is shown, not an error of a field. */
  const isOvertaken = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 412) return false;
    setReview(undefined);
    setOvertaken(error);
    return true;
  };

  const look = async (body: B) => {
    const written = { body, etag: basis };
    try {
      const looked = await preview(written);
      setOvertaken(undefined);
      if (looked.would === 'nothing') void message.info(strings.objects.nothingChanged);
      else setReview({ write: written, preview: looked });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  };

  return {
    look,
    isSaving: save.isPending,
    conflict: overtaken && (
      <ChangedMeanwhile
        one={one}
        conflict={overtaken}
        onTakeTheirs={onTakeTheirs}
        onKeepMine={(seen) => {
          setBasis(seen);
          setOvertaken(undefined);
        }}
      />
    ),
    dialog: review && (
      <ReviewEdit
        scope={scope}
        preview={review.preview}
        ownRequests={ownRequests}
        busy={save.isPending}
        error={save.error ?? undefined}
        onClose={() => {
          setReview(undefined);
          save.reset();
        }}
        onSave={(why) => save.mutate({ ...review.write, why }, { onSuccess: () => onSaved(review.write.body), onError: isOvertaken })}
      />
    ),
  };
}
