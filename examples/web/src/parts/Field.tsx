import { useId, type ComponentProps, type ReactNode } from 'react';

type Common = { label: string; hint?: string | undefined; error?: string | undefined };

/** A label, what belongs to it, and what is wrong with it, joined for who does not see them side by side. */
function Labelled({
  label,
  hint,
  error,
  children,
}: Common & { children: (ids: Record<string, unknown>) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, error, ...input }: Common & ComponentProps<'input'>) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ids) => <input {...input} {...ids} />}
    </Labelled>
  );
}

export function TextArea({ label, hint, error, ...area }: Common & ComponentProps<'textarea'>) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ids) => <textarea {...area} {...ids} />}
    </Labelled>
  );
}

export function Choice({ label, hint, error, ...select }: Common & ComponentProps<'select'>) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ids) => <select {...select} {...ids} />}
    </Labelled>
  );
}
