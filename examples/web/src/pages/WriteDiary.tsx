import { useRef, useState, type SyntheticEvent } from 'react';
import { useAction } from '../api/useAction';
import type { Audience } from '../gql/graphql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { WriteDiary as WriteDiaryMutation } from '../lists/diaries';
import { Choice, Field, TextArea } from '../parts/Field';
import { Alert } from '../parts/states';
import { announce } from '../shell/announcer';

// A group is left out: choosing one takes the list of groups, which this example does not show.
const AUDIENCES = ['FRIENDS', 'FRIENDS_OF_FRIENDS', 'MEMBERS', 'PUBLIC', 'ONLY_ME'] as const;

const BLANK = { title: '', body: '', audience: 'FRIENDS' as Audience };

/**
 * The diary stands in the list below as soon as it is sent (`lists/diaries.ts`), and the form is
 * empty. Should it not be taken, it goes from the list, and its text is back in the form.
 */
export function WriteDiary() {
  const text = useText();
  const { act, busy, problem } = useAction(WriteDiaryMutation);
  const { ofField, ofWhole } = useProblemText();
  const [draft, setDraft] = useState(BLANK);
  const title = useRef<HTMLInputElement>(null);
  const set = (part: Partial<typeof BLANK>) => setDraft((draft) => ({ ...draft, ...part }));

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    const sent = draft;
    setDraft({ ...BLANK, audience: sent.audience });
    if (await act(sent)) {
      announce(text.diaries.written);
      return;
    }
    setDraft(sent);
    title.current?.focus();
  }

  const whole = ofWhole(problem, ['title', 'body']);
  return (
    <form onSubmit={submit} className="card" aria-label={text.diaries.write}>
      <Field
        label={text.diaries.heading}
        error={ofField(problem, 'title')}
        name="title"
        value={draft.title}
        onChange={({ target }) => set({ title: target.value })}
        ref={title}
        required
      />
      <TextArea
        label={text.diaries.body}
        error={ofField(problem, 'body')}
        name="body"
        rows={4}
        value={draft.body}
        onChange={({ target }) => set({ body: target.value })}
        required
      />
      <Choice
        label={text.diaries.audience}
        name="audience"
        value={draft.audience}
        onChange={({ target }) => set({ audience: target.value as Audience })}
      >
        {AUDIENCES.map((audience) => (
          <option key={audience} value={audience}>
            {text.diaries.audiences[audience]}
          </option>
        ))}
      </Choice>
      <Alert text={problem ? `${text.diaries.notWritten} ${whole ?? ''}` : undefined} />
      <button type="submit" className="main" disabled={busy}>
        {text.diaries.submit}
      </button>
    </form>
  );
}
