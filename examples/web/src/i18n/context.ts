import { createContext, use } from 'react';
import { en, type Text } from './en';
import { ja } from './ja';

export const languages = { ja, en };
export type Language = keyof typeof languages;

type State = { language: Language; text: Text; setLanguage: (language: Language) => void };

export const LanguageContext = createContext<State>({
  language: 'en',
  text: en,
  setLanguage: () => undefined,
});

export const useLanguage = () => use(LanguageContext);

/** The words of the language that was chosen. */
export const useText = () => useLanguage().text;
