// SPDX-License-Identifier: GPL-3.0-or-later
// Fields with their labels, and a form's sending state.
import {
  type FormEvent,
  type InputHTMLAttributes,
  type SelectHTMLAttributes,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { sentence_of } from '../../connection/berth_error';

export function Field({
  label,
  hint,
  ...input
}: { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" aria-describedby={hint ? `${id}-hint` : undefined} {...input} />
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}

export function SelectField({
  label,
  options,
  ...select
}: { label: string; options: { value: string; label: string }[] } & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" {...select}>
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Runs `send` with the form's fields, one sending at a time; what it throws becomes a sentence. */
export function useForm(send: (fields: FormData) => Promise<void>) {
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState('');
  const on_submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    set_busy(true);
    set_problem('');
    send(new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter)) // with the button's answer
      .catch((error: unknown) => set_problem(sentence_of(error)))
      .finally(() => set_busy(false));
  };
  return { busy, problem, on_submit };
}

/** Tells whether the form is gone: whoever cancelled meanwhile does not want what it made. */
export function useIsGone(): () => boolean {
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  return () => gone.current;
}

export function text_field(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

export function Problem({ text }: { text: string }) {
  return text ? (
    <p className="form-problem" role="alert">
      {text}
    </p>
  ) : null;
}
