import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { LanguageContext, languages, type Language } from './context';

const KEY = 'ashiato:language';

/** What was chosen here before, or the first of the browser's languages that there is; else English. */
function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEY) ?? '', ...navigator.languages];
  const found = wanted
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag): tag is Language => tag in languages);
  return found ?? 'en';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  // Screen readers pronounce the page by this.
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      text: languages[language],
      setLanguage: (language: Language) => {
        localStorage.setItem(KEY, language);
        choose(language);
      },
    }),
    [language],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}
