import type { CombinedError } from 'urql';
import { codeOf, retryAfterOf } from '../api/errors';
import type { Problem, UserError } from '../api/useAction';
import { useLanguage } from './context';

/** Words for what went wrong. The service's codes are for programs; its messages are English. */
export function useProblemText() {
  const { language, text } = useLanguage();

  function ofRefusal({ code, message }: UserError) {
    // A limit that stands in the message is worth more than our own words, to who reads English.
    if (language === 'en' && code === 'TEXT_TOO_LONG') return message;
    return text.errors[code] ?? message;
  }

  function ofFailure(error: CombinedError) {
    if (error.networkError) return text.failed.network;
    switch (codeOf(error)) {
      case 'THROTTLED':
        return text.failed.throttled(Math.ceil(retryAfterOf(error) ?? 60));
      case 'TOO_MANY_SIGN_INS':
        return text.failed.tooManySignIns;
      case 'TOO_MANY_SIGN_UPS':
        return text.failed.tooManySignUps;
      case 'UNAUTHENTICATED':
        return text.signIn.expired;
      default:
        return text.failed.other;
    }
  }

  return {
    ofFailure,
    /** What is wrong with one field of the input. */
    ofField: (problem: Problem | null, field: string) => {
      const refused = problem && 'refused' in problem ? problem.refused : [];
      const error = refused.find((error) => error.field?.at(-1) === field);
      return error && ofRefusal(error);
    },
    /** What is wrong, but for what stands beside a field already. */
    ofWhole: (problem: Problem | null, fields: string[] = []) => {
      if (!problem) return undefined;
      if ('failed' in problem) return ofFailure(problem.failed);
      const rest = problem.refused.filter(({ field }) => !fields.includes(field?.at(-1) ?? ''));
      return rest.length > 0 ? rest.map(ofRefusal).join(' ') : undefined;
    },
  };
}
