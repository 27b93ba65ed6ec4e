import { useLanguage } from './context';

/** A moment, in the reader's language and time zone; without the time of day with `day`. */
export function When({ at, day = false }: { at: string; day?: boolean }) {
  const { language } = useLanguage();
  // As it is written where the reader is: en-GB and en-US have the words in common, and not the dates.
  const region = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
  const format = new Intl.DateTimeFormat(region, {
    dateStyle: 'medium',
    ...(day ? {} : { timeStyle: 'short' }),
  });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
